const WIDTH = 96;
const HEIGHT = 24;
const MARGIN = 3;

/**
 * The course of a score as a small line; gaps stay gaps.
 * @param values oldest first, null where there is none
 * @param span points the height stands for at least: the same for all bodies of a level, so that a calm course looks calm
 * @param label alternative text, already escaped
 */
export function renderSparkline(
  values: readonly (number | null)[],
  span: number,
  label: string,
): string {
  const known = values.filter((value) => value !== null);
  const low = Math.min(...known);
  const high = Math.max(...known);
  const height = Math.max(high - low, span, 1e-9);
  const bottom = (low + high - height) / 2;
  const step = (WIDTH - 2 * MARGIN) / Math.max(values.length - 1, 1);
  let path = "";
  let last = "";
  values.forEach((value, index) => {
    if (value === null) return;
    const x = trim(MARGIN + index * step);
    const y = trim(HEIGHT - MARGIN - ((value - bottom) / height) * (HEIGHT - 2 * MARGIN));
    path += `${(values[index - 1] ?? null) === null ? "M" : "L"}${x} ${y}`;
    last = `<circle cx=${x} cy=${y} r=2 />`;
  });
  return `<svg class=spark width=${WIDTH} height=${HEIGHT} role=img aria-label="${label}"><path d="${path}"/>${last}</svg>`;
}

/** A coordinate with one decimal at most. */
export function trim(value: number): string {
  return String(Math.round(value * 10) / 10);
}
