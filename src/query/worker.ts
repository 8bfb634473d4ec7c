// The process of a query.
import { answerQuestions } from "./answer-questions.ts";
import { readQuestion } from "./question.ts";

answerQuestions(readQuestion);
