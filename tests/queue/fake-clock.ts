import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "../end-to-end/tiny-workspace.ts";
import { findBinary } from "../services/find-binary.ts";

export const NO_FAKE_CLOCK = !findBinary("faketime");

/** A clock for processes, kept in a file: all of them read it from there, at once when it is set anew. */
export interface FakeClock {
  /** Settings that make a Node process read this clock. */
  readonly environment: Record<string, string>;
  /** Makes the clock run from this moment on, as "2018-07-09T15:59:55Z". */
  set(instant: string): void;
}

/** libfaketime over the real clock: it steps between the process and the system's own calls. */
export function makeFakeClock(instant: string): FakeClock {
  const file = join(makeFolder("zhengxin-clock-"), "clock");
  const set = (to: string) => {
    // As an offset to the true time, so that every process agrees, whenever it was started.
    const seconds = ((Date.parse(to) - Date.now()) / 1000).toFixed(3);
    writeFileSync(file, `${Number(seconds) < 0 ? "" : "+"}${seconds}\n`);
  };
  set(instant);
  return {
    environment: {
      LD_PRELOAD: "libfaketimeMT.so.1",
      LD_LIBRARY_PATH: "/usr/lib/x86_64-linux-gnu/faketime:/usr/lib/aarch64-linux-gnu/faketime",
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: "1",
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
      NO_FAKE_STAT: "1",
    },
    set,
  };
}
