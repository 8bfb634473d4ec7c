/** Columns of integers and numbers that grow row by row. */
export function openSheet(integers: number, numbers: number) {
  let size = 1024;
  let rows = 0;
  let whole = Array.from({ length: integers }, () => new Int32Array(size));
  let real = Array.from({ length: numbers }, () => new Float64Array(size));
  return {
    add(first: readonly number[], second: readonly number[]): void {
      if (rows === size) {
        size *= 2;
        whole = whole.map((column) => growInto(new Int32Array(size), column));
        real = real.map((column) => growInto(new Float64Array(size), column));
      }
      for (let at = 0; at < integers; at++) (whole[at] as Int32Array)[rows] = first[at] as number;
      for (let at = 0; at < numbers; at++) (real[at] as Float64Array)[rows] = second[at] as number;
      rows++;
    },
    columns: () => [
      ...whole.map((column) => column.subarray(0, rows)),
      ...real.map((column) => column.subarray(0, rows)),
    ],
  };
}

function growInto<T extends Int32Array | Float64Array>(target: T, source: T): T {
  target.set(source);
  return target;
}
