import fc from "fast-check";
import { expect, test } from "vitest";
import { splitOnGrid, toGrid } from "../../src/score/grid.ts";

test("parts on the grid sum to the total on the grid exactly, each within two steps of its own value", () => {
  const part = fc.double({ min: -50, max: 60, noNaN: true });
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 70 }), (parts) => {
      const total = parts.reduce((sum, own) => sum + own, 0);
      const split = splitOnGrid(parts, total);
      expect(split.reduce((sum, own) => sum + own, 0)).toBe(toGrid(total));
      split.forEach((own, index) => {
        expect(Math.abs(own - parts[index]!)).toBeLessThanOrEqual(2 * 2 ** -40);
        expect(Number.isInteger(own * 2 ** 40)).toBe(true);
      });
    }),
  );
});
