import { z } from "zod";

/** A text in both languages. */
export const bilingual = z.strictObject({ zh: z.string().min(1), en: z.string().min(1) });

export type Bilingual = Readonly<z.infer<typeof bilingual>>;

/** Where something comes from, in both languages; the mere name of a work is the same in both and may stand alone. */
export const citation: z.ZodType<Bilingual, string | Bilingual> = z.union([
  z
    .string()
    .min(1)
    .transform((name) => ({ zh: name, en: name })),
  bilingual,
]);

/**
 * A message in its languages: what stands up to the last Chinese full stop, and the rest. Of one in English alone the Chinese is empty.
 */
export function tellApart(message: string): { readonly zh: string; readonly en: string } {
  const [, zh = "", en = ""] = /^([\s\S]*。)\s*([\s\S]*)$/.exec(message) ?? [];
  return en === "" ? { zh, en: message } : { zh, en };
}
