import type { NamedMover, Story } from "./reason.ts";
import { LEAST_SHOWN, showPoints, showShare, showSigned } from "./reason-numbers.ts";

/** The English sentence. */
export function sayEnglish(story: Story): string {
  return `${[...opening(story), movers(story), losses(story), veto(story)].filter(Boolean).join("; ")}.`;
}

function opening(story: Story): string[] {
  const { body, previous, peers, frequency } = story;
  const score = Number.isNaN(body.score) ? "" : `score ${showPoints(body.score)}${change(story)}`;
  if (body.rank === undefined) return [`Not ranked: ${gap(story)}`, score];
  const moved =
    previous?.rank === undefined
      ? ""
      : ` (${rankChange(previous.rank - body.rank, `the previous ${frequency}`)})`;
  return [
    `S${score.slice(1)}, ${ordinal(body.rank)} of ${body.rankedOf} among “${peers.en}”${moved}`,
  ];
}

function change({ body, previous, lastYear, frequency, isFirst }: Story): string {
  const parts = [
    previous
      ? `, ${scoreChange(body.score - previous.score, `the previous ${frequency}`)}`
      : isFirst
        ? ""
        : ` (no score of the previous ${frequency} to compare with)`,
  ];
  if (frequency !== "year" && lastYear && !Number.isNaN(lastYear.score)) {
    parts.push(
      ` and ${scoreChange(body.score - lastYear.score, `the same ${frequency} last year`)}`,
    );
  }
  return parts.join("");
}

function scoreChange(difference: number, than: string): string {
  if (difference === 0) return `level with ${than}`;
  if (Math.abs(difference) < LEAST_SHOWN) return `almost level with ${than}`;
  return `${difference > 0 ? "up" : "down"} ${showPoints(Math.abs(difference))} points on ${than}`;
}

function rankChange(places: number, than: string): string {
  if (places === 0) return `same place as ${than}`;
  const count = Math.abs(places);
  return `${places > 0 ? "up" : "down"} ${count} ${count === 1 ? "place" : "places"} on ${than}`;
}

function gap({ unranked }: Story): string {
  if (!unranked) return "no indicator can be assessed";
  const { part, share, least, missing, missingCount } = unranked;
  const base = part === "whole" ? "the whole weight" : "the applicable weight";
  const names = missing.map(({ en }) => `“${en}”`).join(", ");
  const more = missingCount > missing.length ? ` and ${missingCount - missing.length} more` : "";
  const lacking = missingCount === 0 ? "" : `; not assessable: ${names}${more}`;
  return `the indicators that can be assessed carry ${showShare(share)} of ${base}, less than the ${showShare(least)} required${lacking}`;
}

function movers({ up, down, previous, body }: Story): string {
  if (!previous) return "";
  const rose = body.score >= previous.score;
  const [main, other] = rose ? [up, down] : [down, up];
  const turn = rose ? "held back because" : "softened because";
  const said = (list: readonly NamedMover[]) => list.map(mover).join(" and ");
  if (main.length === 0 && other.length === 0) return "nothing moved much";
  if (main.length === 0) return `${turn} ${said(other)}`;
  return `mainly because ${said(main)}${other.length > 0 ? `; ${turn} ${said(other)}` : ""}`;
}

function mover(moved: NamedMover): string {
  const { title, points, kind } = moved;
  if (kind === "scope") return `${scope(moved)} (${showSigned(points)} points in all)`;
  const capped = moved.capped ? ", at its maximum" : "";
  return `“${title.en}” ${happening(moved)} (${showSigned(points)} points${category(moved)}${capped})`;
}

function category({ detail, points, from, category: name }: NamedMover): string {
  if (
    !detail ||
    !name ||
    from === undefined ||
    detail.points * points <= 0 ||
    Math.abs(detail.points) < LEAST_SHOWN
  )
    return "";
  // One category may have moved further than all together; its number would then confuse.
  return Math.abs(detail.points) <= Math.abs(points)
    ? `, of which “${name.en}” ${showSigned(detail.points)}`
    : `, most of it in “${name.en}”`;
}

function scope({ title, entered, left }: NamedMover): string {
  const others = (count: number) => (count > 1 ? ` and ${count - 1} more` : "");
  if (entered.length > 0) {
    const gone = left.length > 0 ? `, ${left.length} ceased to be` : "";
    return `“${title.en}”${others(entered.length)} became assessable${gone} and the weights shifted`;
  }
  if (left.length === 0) return "the weights shifted";
  return `“${title.en}”${others(left.length)} ceased to be assessable and the weights shifted`;
}

function happening({ kind, from, to, rose, unit, points, detail }: NamedMover): string {
  if (kind === "limit") return "cut in or let go";
  if (kind === "indicator") {
    if (from === undefined) return "moved against its peers";
    const space = unit.en === "" || unit.en === "%" ? "" : " ";
    return `${rose ? "rose" : "fell"} from ${from}${space}${unit.en} to ${to}${space}${unit.en}`;
  }
  const grows = kind === "bonus" ? points > 0 : points < 0;
  if (grows && detail && detail.came > 0) {
    const { came, name } = detail;
    return `has ${came} new ${came === 1 ? "record" : "records"} (${name})`;
  }
  if (!grows && detail && detail.went > 0) {
    const { went, name } = detail;
    return went === 1
      ? `has 1 record that no longer counts (${name})`
      : `has ${went} records that no longer count (${name})`;
  }
  return grows ? "grew" : "faded with time";
}

function losses({ losses: list }: Story): string {
  if (list.length === 0) return "";
  return `most points lost on ${list.map(({ title, points }) => `“${title.en}” (${showSigned(points)} points)`).join(" and ")}`;
}

function veto({ veto: fallen }: Story): string {
  return fallen
    ? `the veto “${fallen.title.en}” lowers the grade from ${fallen.from} to ${fallen.to}`
    : "";
}

function ordinal(rank: number): string {
  const tens = rank % 100;
  const ending = tens > 10 && tens < 14 ? "th" : (["th", "st", "nd", "rd"][rank % 10] ?? "th");
  return `${rank}${ending}`;
}
