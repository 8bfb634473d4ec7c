import { afterAll } from "vitest";
import { describeForm, tidyUp } from "./loud-or-equal/law.ts";

afterAll(tidyUp);

describeForm("json");
