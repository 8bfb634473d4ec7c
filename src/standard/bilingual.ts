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
