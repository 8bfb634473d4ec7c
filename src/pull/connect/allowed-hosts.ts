import { lookup as lookupName } from "node:dns/promises";
import { BlockList, isIP, type LookupFunction, connect as openSocket, type Socket } from "node:net";
import { failForGood, failForNow } from "../fetch-error.ts";
import { explainNetworkError } from "./network-fault.ts";

interface Found {
  readonly address: string;
  readonly family: number;
}

/** Where a connector may go. */
export interface AllowedHosts {
  /** @throws ConnectorFault when the host is not on the list */
  check(host: string, port: number): void;
  /**
   * The address of a host that may be contacted; connect to this address, so that no second look-up can lead elsewhere.
   * @throws ConnectorFault when host or address are not allowed, or there is no such host
   */
  resolve(host: string, port: number): Promise<string>;
  /** As `resolve`, in the shape that sockets take. */
  readonly lookup: LookupFunction;
  /** A socket to a host that may be contacted, once it is open; its errors come as a ConnectorFault. */
  connect(host: string, port: number, timeoutSeconds: number): Promise<Socket>;
}

/** This machine, its links and groups: a name that leads there was not meant, unless the address itself is listed. */
const NOT_MEANT = listNetworks([
  "0.0.0.0/8",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "224.0.0.0/4",
  "240.0.0.0/4",
  "::/128",
  "::1/128",
  "fe80::/10",
  "ff00::/8",
]);

/**
 * @param allow_hosts names or addresses, with or without a port
 * @param allow_addresses networks in which addresses must lie; without them anything but NOT_MEANT will do
 * @param nameService finds the address of a name
 */
export function openAllowedHosts(
  {
    allow_hosts,
    allow_addresses,
  }: {
    readonly allow_hosts: readonly string[];
    readonly allow_addresses?: readonly string[] | undefined;
  },
  nameService: (host: string) => Promise<Found> = lookupName,
): AllowedHosts {
  const find = (host: string) => findAddress(host, nameService);
  const listed = new Set(allow_hosts.map((host) => host.toLowerCase()));
  const networks = allow_addresses ? listNetworks(allow_addresses) : undefined;
  const isListed = (host: string, port: number) => {
    const shown = isIP(host) === 6 ? `[${host}]` : host;
    return [host, shown, `${shown}:${port}`].some((form) => listed.has(form.toLowerCase()));
  };
  const check = (host: string, port: number) => {
    if (isListed(host, port)) return;
    failForGood(
      `${host}:${port}`,
      `主机 ${host}:${port} 不在该数据源的允许名单（connector.allow_hosts）内，未与其联系。确属应当访问的，请加入名单。`,
      `The host ${host}:${port} is not on the source's list (connector.allow_hosts) and was not contacted. If it should be, add it to the list.`,
    );
  };
  const checkAddress = (host: string, address: string) => {
    const named = host.toLowerCase() === "localhost" || isIP(host) !== 0;
    const allowed = networks ? contains(networks, address) : named || !contains(NOT_MEANT, address);
    if (allowed) return;
    failForGood(
      host,
      `主机 ${host} 解析为地址 ${address}，不在允许范围（connector.allow_addresses）内，未与其联系。请核对域名解析；确属应当访问的，请写明网段。`,
      `The host ${host} leads to the address ${address}, which is not allowed (connector.allow_addresses), and was not contacted. Check the name's resolution; if the address is right, add its network.`,
    );
  };
  const resolve = async (host: string, port: number) => {
    const plain = host.replace(/^\[|\]$/g, "");
    check(plain, port);
    const address = isIP(plain) ? plain : (await find(plain)).address;
    checkAddress(plain, address);
    return address;
  };
  return {
    check: (host, port) => check(host.replace(/^\[|\]$/g, ""), port),
    resolve,
    lookup(host, options, callback) {
      find(host).then(
        (found) => {
          try {
            checkAddress(host, found.address);
          } catch (error) {
            return callback(error as Error, "", 0);
          }
          if (options.all) callback(null, [found] as never, 0);
          else callback(null, found.address, found.family);
        },
        (error) => callback(error, "", 0),
      );
    },
    async connect(host, port, timeoutSeconds) {
      const address = await resolve(host, port);
      return await new Promise<Socket>((done, fail) => {
        const socket = openSocket({ host: address, port });
        const giveUp = (error: unknown) => {
          socket.destroy();
          try {
            explainNetworkError(`${host}:${port}`, error);
          } catch (fault) {
            fail(fault);
          }
        };
        socket.setTimeout(timeoutSeconds * 1000, () =>
          giveUp(Object.assign(new Error("timed out"), { code: "ETIMEDOUT" })),
        );
        socket.once("error", giveUp);
        socket.once("connect", () => {
          socket.removeListener("error", giveUp);
          socket.setTimeout(0);
          done(socket);
        });
      });
    },
  };
}

async function findAddress(
  host: string,
  nameService: (host: string) => Promise<Found>,
): Promise<Found> {
  try {
    return await nameService(host);
  } catch {
    return failForNow(
      host,
      `找不到主机 ${host}。请检查主机名与域名解析；若为网络故障，将再次尝试。`,
      `The host ${host} cannot be found. Check its name and the name service; if the network was down, it is tried again.`,
    );
  }
}

function listNetworks(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = "", bits] = network.split("/");
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list;
}

function contains(list: BlockList, address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  const plain = mapped ?? address;
  return list.check(plain, isIP(plain) === 6 ? "ipv6" : "ipv4");
}
