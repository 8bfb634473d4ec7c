import { Command } from "commander";
export function backtestCommand(): Command {
  return new Command("backtest");
}
