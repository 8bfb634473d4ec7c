import type { MiddlewareHandler } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { createMiddleware } from "hono/factory";
import type { WebEnv } from "../auth/require-role.ts";

export const LANGUAGES = ["zh", "en"] as const;
export type Language = (typeof LANGUAGES)[number];

const COOKIE = "lang";
const YEAR_SECONDS = 31_536_000;

/** Chinese, unless the visitor chose English (`?lang=en`, kept in a cookie) or a browser that asks for English and no Chinese. */
export const chooseLanguage: MiddlewareHandler<WebEnv> = createMiddleware(async (c, next) => {
  const asked = known(c.req.query("lang"));
  if (asked && asked !== known(getCookie(c, COOKIE))) {
    setCookie(c, COOKIE, asked, { path: "/", maxAge: YEAR_SECONDS, sameSite: "Lax" });
  }
  const header = c.req.header("Accept-Language");
  c.set("language", asked ?? known(getCookie(c, COOKIE)) ?? preferred(header));
  await next();
});

function known(text: string | undefined): Language | undefined {
  return LANGUAGES.find((language) => language === text);
}

/** Of an Accept-Language header: English only where it comes before any Chinese. */
function preferred(header: string | undefined): Language {
  const wishes = (header ?? "")
    .split(",")
    .map((part) => {
      const [tag = "", quality = ""] = part.trim().split(/;\s*q=/);
      return {
        tag: tag.toLowerCase().split("-")[0],
        quality: quality === "" ? 1 : Number(quality),
      };
    })
    .filter(({ tag, quality }) => (tag === "zh" || tag === "en") && quality > 0)
    .toSorted((a, b) => b.quality - a.quality);
  return wishes[0]?.tag === "en" ? "en" : "zh";
}

/** The tag for `lang` attributes. */
export function tagOf(language: Language): string {
  return language === "zh" ? "zh-CN" : "en";
}
