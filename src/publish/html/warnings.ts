import type { WarningDefinition } from "../../standard/warning-definition.ts";
import type { Bilingual, Report } from "../report.ts";
import { TEXTS, type TextKey } from "../texts.ts";
import { levelKey, nameWarningLevel, titleWarning } from "../warning-names.ts";
import type { WarningLevel } from "../warning-report.ts";
import { fill } from "../words.ts";
import {
  anchor,
  attribute,
  both,
  chip,
  escapeHtml,
  figure,
  inkOn,
  over,
  plain,
  say,
  section,
  table,
} from "./markup.ts";

const COLOURS: Record<string, string> = {
  green: "#1a7f4b",
  yellow: "#f2c744",
  orange: "#e5822f",
  red: "#b3261e",
  no_data: "#c9d1d8",
};

/** Levels, what stands above green, forecasts that may reach a line, and stress; nothing where the pipeline warns of nothing. */
export function renderWarnings(report: Report): string {
  const { definitions } = report.warnings;
  const limits = renderDebtLimits(report);
  if (definitions.length === 0 && limits === "") return "";
  const parts = definitions.map(
    (definition) =>
      `<h3>${both(definition.title)}</h3>\n${renderLevels(report, definition)}${renderStanding(report, definition)}${renderCrossings(report, definition)}${renderStress(report, definition)}`,
  );
  return section(
    "warnings",
    "warnings",
    `${limits}${parts.length > 0 ? `<p class=note>${say("warningsNote")}</p>\n${parts.join("\n")}` : ""}`,
  );
}

/** What everybody may see of debt: of each body limit and balance, in the order of the ranking. */
function renderDebtLimits({ warnings, standings }: Report): string {
  const places = new Map(standings.map(({ body }, place) => [body.id, { place, name: body.name }]));
  return warnings.publicForms
    .map(({ id, unit, divide }) => {
      const own = warnings.debtLimits
        .filter(({ warnings_id, entity_id }) => warnings_id === id && places.has(entity_id))
        .toSorted((a, b) => placeOf(a.entity_id) - placeOf(b.entity_id));
      if (own.length === 0) return "";
      const shown = (value: number | null) => figure(value === null ? null : value / divide, 2);
      const rows = own.map(
        ({ entity_id, balance, debt_limit }) =>
          `<tr><th scope=row>${both(places.get(entity_id)?.name ?? { zh: entity_id, en: entity_id })}<td class=n>${shown(debt_limit)}<td class=n>${shown(balance)}`,
      );
      return `<h3>${say("debtLimits")}</h3>\n<p class=note>${both(fill(TEXTS.debtLimitsNote, { unit }))}</p>\n${table([say("body"), say("debtLimit"), say("debtBalance")], rows, { className: "limits" })}`;
    })
    .join("\n");
  function placeOf(entity: string): number {
    return places.get(entity)?.place ?? 0;
  }
}

/** Every body of a rated definition; of others only what stands above green is listed. */
function renderLevels(
  { warnings, context, standings }: Report,
  definition: WarningDefinition,
): string {
  const own = warnings.levels.filter(({ warnings_id }) => warnings_id === definition.id);
  const courses = new Map<string, WarningLevel[]>();
  for (const row of own) courses.set(row.entity_id, [...(courses.get(row.entity_id) ?? []), row]);
  const shown = [...courses]
    .map(([entity, course]) => ({
      entity,
      course,
      now: course.find(({ period }) => period === context.period.id),
    }))
    .filter(({ now }) => now && (definition.rating || !["green", "no_data"].includes(now.level)))
    .toSorted((a, b) => worse(b.now?.level) - worse(a.now?.level));
  if (shown.length === 0) return "";
  const names = new Map(standings.map(({ body }) => [body.id, body.name]));
  // Warnings on conduct put nobody on a list and rate nobody: an empty column says nothing.
  const isListed = shown.some(({ now }) => now?.list);
  const isUrgent = shown.some(({ now }) => now?.emergency);
  const isRated = shown.some(({ now }) => now?.rating);
  const rows = shown.map(({ entity, course, now }) => {
    const row = now as WarningLevel;
    const list = row.list ? say(row.list === "warning" ? "listWarning" : "listHint") : "–";
    const some = [
      ...(isListed ? [list] : []),
      ...(isUrgent ? [row.emergency ? say("emergencyIV") : "–"] : []),
      ...(isRated ? [renderRating(definition, row)] : []),
    ];
    return `<tr><th scope=row>${nameBody(names, entity)}<td>${levelChip(row.level)}${some.map((cell) => `<td>${cell}`).join("")}<td class=course>${course.map(({ period, level }) => `<i style="background:${COLOURS[level]}" title="${escapeHtml(period)} ${attribute(nameWarningLevel(level))}"></i>`).join("")}<td class=reason>${both({ zh: row.reason_zh, en: row.reason_en })}`;
  });
  return table(
    [
      say("body"),
      say("warningLevel"),
      ...(isListed ? [say("warningList")] : []),
      ...(isUrgent ? [say("emergencyGrade")] : []),
      ...(isRated ? [say("creditRating")] : []),
      say("warningCourse"),
      say("reason"),
    ],
    rows,
    {
      className: "warnings",
      caption: both(fill(TEXTS.warningLevels, { title: definition.title })),
    },
  );
}

function renderRating({ rating }: WarningDefinition, row: WarningLevel): string {
  if (!rating || !row.rating) return "–";
  const capped =
    row.rating !== row.rating_uncapped
      ? ` <small>${say("ratingCapped", { uncapped: row.rating_uncapped ?? "" })}</small>`
      : "";
  return `${chip(row.rating, rating.grades)} <small>${figure(row.rating_score, 1)}</small>${capped}`;
}

function renderStanding({ warnings, standings }: Report, definition: WarningDefinition): string {
  const own = warnings.standing.filter(({ warnings_id }) => warnings_id === definition.id);
  const caption = both(fill(TEXTS.standingAlerts, { title: definition.title }));
  if (own.length === 0) return `<p>${both(fill(TEXTS.noAlerts, { title: definition.title }))}</p>`;
  const names = new Map(standings.map(({ body }) => [body.id, body.name]));
  const rows = own.map(
    (one) =>
      `<tr><td>${levelChip(one.level)}<th scope=row>${nameBody(names, one.entity_id)}<td>${both(titleWarning(definition, one))}<td><span class=day>${escapeHtml(one.began)}</span><td class=reason>${both({ zh: one.message_zh, en: one.message_en })}`,
  );
  return table([say("warningLevel"), say("body"), say("rule"), say("since"), say("what")], rows, {
    className: "alerts",
    caption,
  });
}

function renderCrossings({ warnings, standings }: Report, definition: WarningDefinition): string {
  const own = warnings.crossings.filter(({ warnings_id }) => warnings_id === definition.id);
  if (own.length === 0) return "";
  const names = new Map(standings.map(({ body }) => [body.id, body.name]));
  const rows = own.map((one) => {
    const series = definition.series.find(({ id }) => id === one.series_id);
    const method = `method${one.method[0]?.toUpperCase()}${one.method.slice(1)}` as TextKey;
    return `<tr><th scope=row>${nameBody(names, one.entity_id)}<td>${both(series?.title ?? { zh: one.series_id, en: one.series_id })}<td class=n>${plain(one.value)}<td class=n>${plain(one.central)} <small>(${plain(one.low)} – ${plain(one.high)}) ${escapeHtml(one.end_period)}</small><td>${levelChip(one.crossing_level)} ${plain(one.crossing_line)}<td>${escapeHtml(one.crossing_period ?? "–")}<td>${escapeHtml(one.crossing_earliest)}<td>${say(method)}<td class=n>${plain(one.error)} <small>(${plain(one.naive_error)})</small>`;
  });
  return `${table(
    [
      say("body"),
      say("series"),
      over(say("now")),
      over(say("ahead")),
      say("nextLine"),
      say("reachedIn"),
      say("reachedEarliest"),
      say("forecastMethod"),
      over(say("methodError")),
    ],
    rows,
    { className: "crossings", caption: say("forecasts") },
  )}<p class=note>${say("forecastsNote")}</p>`;
}

function renderStress({ warnings, standings }: Report, definition: WarningDefinition): string {
  const own = warnings.stress.filter(({ warnings_id }) => warnings_id === definition.id);
  if (own.length === 0) return "";
  const names = new Map(standings.map(({ body }) => [body.id, body.name]));
  const rows = own.map((one) => {
    const scenario = definition.scenarios.find(({ id }) => id === one.scenario_id);
    const series = definition.series.find(({ id }) => id === one.series_id);
    return `<tr><th scope=row>${both(scenario?.title ?? { zh: one.scenario_id, en: one.scenario_id })}<td>${nameBody(names, one.entity_id)}<td>${both(series?.title ?? { zh: one.series_id, en: one.series_id })}<td class=n>${plain(one.baseline)}<td>${levelChip(one.baseline_level)}<td class=n>${plain(one.value)}<td>${levelChip(one.level)}`;
  });
  return table(
    [say("scenario"), say("body"), say("series"), over(say("now")), "", over(say("stressed")), ""],
    rows,
    { className: "stress", caption: say("stress") },
  );
}

function nameBody(names: ReadonlyMap<string, Bilingual>, id: string): string {
  const name = names.get(id);
  return name ? `<a href="#${anchor(id)}">${both(name)}</a>` : escapeHtml(id);
}

function levelChip(level: string): string {
  const colour = COLOURS[level] ?? "#c9d1d8";
  return `<b class=chip style="background:${colour};color:${inkOn(colour)}">${say(levelKey(level))}</b>`;
}

function worse(level: string | undefined): number {
  return ["no_data", "green", "yellow", "orange", "red"].indexOf(level ?? "no_data");
}
