// The process of a query with the first wall down: every statement is run as it was sent, whatever it is.
import { answerQuestions } from "../../src/query/answer-questions.ts";

answerQuestions(async (_, text) => ({
  text,
  explain: undefined,
  placeInStatement: (byte) => byte,
}));
