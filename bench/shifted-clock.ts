/** The clock of this process, moved: everything here that asks the time of JavaScript is told another; timers go on as they do. */
export interface ShiftedClock {
  /** Makes it this moment, from which on time goes by as ever; milliseconds since 1970. */
  set(moment: number): void;
  restore(): void;
}

/** Puts a clock that can be moved in the place of Date. */
export function shiftClock(): ShiftedClock {
  const RealDate = globalThis.Date;
  let offset = 0;
  const now = () => RealDate.now() + offset;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, parameters, self) =>
      Reflect.construct(target, parameters.length === 0 ? [now()] : parameters, self),
    apply: () => new RealDate(now()).toString(),
    get: (target, key) => (key === "now" ? now : Reflect.get(target, key)),
  });
  return {
    set(moment) {
      offset = moment - RealDate.now();
    },
    restore() {
      globalThis.Date = RealDate;
    },
  };
}
