import { expect, test } from "vitest";
import { storageFaultOf } from "../../src/store/storage-fault.ts";
import { Store } from "../../src/store/store.ts";

test("what does not fit the memory is told with the setting to change, and no statement", async () => {
  const store = await Store.open(":memory:", { memory: "40MB", threads: 1 });
  try {
    const failure = await store
      .run("SELECT list(i) FROM range(50000000) r(i)")
      .catch((error: unknown) => error);
    const fault = storageFaultOf(failure);
    expect(fault?.kind).toBe("memory");
    expect(fault?.en).toMatch(/--memory \(setting ZHENGXIN_MEMORY\)/);
    expect(fault?.zh).toContain("--memory");
    expect(`${fault?.zh} ${fault?.en}`).not.toMatch(/SELECT|range/);
  } finally {
    store.close();
  }
});
