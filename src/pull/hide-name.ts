/** The same fault of the machine, with a file called by something else than its name: what is thrown goes to logs and jobs. */
export function hideName(error: unknown, path: string, shown: string): unknown {
  if (!(error instanceof Error)) return error;
  error.message = error.message.replaceAll(path, shown);
  if (error.stack) error.stack = error.stack.replaceAll(path, shown);
  return error;
}
