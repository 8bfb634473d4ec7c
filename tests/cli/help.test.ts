import type { Command } from "commander";
import { expect, test } from "vitest";
import { makeProgram } from "../../src/cli/program.ts";

const all = (command: Command): Command[] => [command, ...command.commands.flatMap(all)];
const HAN = /\p{Script=Han}/u;

test("the help of every verb says what it and its options do in Chinese, and then in English", () => {
  const commands = all(makeProgram());
  expect(commands.length).toBeGreaterThan(60);
  for (const command of commands) {
    const help = command.createHelp();
    expect(command.description(), command.name()).toMatch(/^[^a-zA-Z]*\p{Script=Han}.*[a-zA-Z]/u);
    const told = command.helpInformation();
    expect(told).toMatch(/^用法 Usage: /);
    for (const argument of help.visibleArguments(command)) {
      // Events are listed by their names.
      if (/^[a-z_, ]+$/.test(argument.description) && argument.description.includes("_")) continue;
      const configured = Object.assign(help, command.configureHelp());
      expect(
        configured.argumentDescription(argument),
        `${command.name()} ${argument.name()}`,
      ).toMatch(HAN);
    }
    for (const option of help.visibleOptions(command)) {
      if (option.long === "--help") continue;
      const configured = Object.assign(help, command.configureHelp());
      expect(configured.optionDescription(option), `${command.name()} ${option.flags}`).toMatch(
        HAN,
      );
    }
  }
});
