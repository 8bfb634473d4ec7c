import { isIP } from "node:net";
import { describe, expect, test } from "vitest";
import { openAllowedHosts } from "../../../src/pull/connect/allowed-hosts.ts";

/** Whether a host on the list may be contacted when its name leads to an address. */
async function allowed(
  [host, port]: readonly [string, number],
  allow_hosts: readonly string[],
  { address = host, networks }: { address?: string; networks?: readonly string[] } = {},
): Promise<boolean> {
  const hosts = openAllowedHosts({ allow_hosts, allow_addresses: networks }, async () => ({
    address,
    family: address.includes(":") ? 6 : 4,
  }));
  try {
    expect(await hosts.resolve(host, port)).toBe(
      isIP(host) ? host : address.replace(/^\[|\]$/g, ""),
    );
    return true;
  } catch {
    return false;
  }
}

describe("the list of hosts", () => {
  test.each([
    ["api.example.gov.cn", 443, ["api.example.gov.cn"], true],
    ["API.Example.gov.cn", 443, ["api.example.gov.cn"], true],
    ["api.example.gov.cn", 443, ["api.example.gov.cn:443"], true],
    ["api.example.gov.cn", 80, ["api.example.gov.cn:443"], false],
    ["example.gov.cn", 443, ["api.example.gov.cn"], false],
    ["evil-api.example.gov.cn", 443, ["api.example.gov.cn"], false],
    ["api.example.gov.cn.evil.example", 443, ["api.example.gov.cn"], false],
    ["10.1.2.3", 443, ["10.1.2.3"], true],
    ["10.1.2.4", 443, ["10.1.2.3"], false],
  ] as const)("%s:%i with %j: %s", async (host, port, list, expected) => {
    expect(await allowed([host, port], list, { address: "10.1.2.3" })).toBe(expected);
  });

  test("IPv6 in brackets", async () => {
    expect(await allowed(["[2001:db8::1]", 443], ["[2001:db8::1]:443"])).toBe(true);
    expect(await allowed(["[2001:db8::1]", 80], ["[2001:db8::1]:443"])).toBe(false);
  });
});

describe("the address behind a name", () => {
  const to = (address: string, networks?: readonly string[]) =>
    allowed(["a.example", 443], ["a.example"], { address, ...(networks && { networks }) });

  test.each([
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",
    "169.254.169.254",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "::ffff:127.0.0.1",
  ])("%s was not meant", async (address) => expect(await to(address)).toBe(false));

  test.each(["93.184.216.34", "10.0.0.8", "192.168.1.1", "2001:db8::1", "fd00::1"])(
    "%s may be",
    async (address) => expect(await to(address)).toBe(true),
  );

  test("lies in the networks named, which may be this machine's", async () => {
    expect(await to("10.20.3.4", ["10.20.0.0/16"])).toBe(true);
    expect(await to("10.21.3.4", ["10.20.0.0/16"])).toBe(false);
    expect(await to("93.184.216.34", ["10.20.0.0/16"])).toBe(false);
    expect(await to("127.0.0.1", ["127.0.0.1"])).toBe(true);
    expect(await to("2001:db8:1::1", ["2001:db8:1::/48"])).toBe(true);
    expect(await to("2001:db8:2::1", ["2001:db8:1::/48"])).toBe(false);
  });

  test("is asked for when the socket opens: a name that leads elsewhere the second time is refused", async () => {
    const answers = ["93.184.216.34", "127.0.0.1"];
    const hosts = openAllowedHosts({ allow_hosts: ["a.example"] }, async () => ({
      address: answers.shift() as string,
      family: 4,
    }));
    expect(await hosts.resolve("a.example", 443)).toBe("93.184.216.34");
    const error = await new Promise((resolve) =>
      hosts.lookup("a.example", {}, (problem) => resolve(problem)),
    );
    expect(String(error)).toContain("127.0.0.1, which is not allowed");
  });
});
