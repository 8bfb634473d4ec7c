/** A database file that could not be opened, as a sentence. */
export class OpeningError extends Error {
  /** Whether another process has the file open: a matter of waiting. */
  readonly inUse: boolean;

  constructor(path: string, reason: string) {
    super(openingSentence(path, reason));
    this.name = "OpeningError";
    this.inUse = isLock(reason);
  }
}

function isLock(reason: string): boolean {
  return /lock/i.test(reason);
}

function openingSentence(path: string, reason: string): string {
  if (isLock(reason)) {
    return `The database ${path} is in use by another process. Wait until that run has ended, or stop it, then try again.`;
  }
  if (/memory_limit|memory limit|Could not parse|threads/i.test(reason)) {
    return `DuckDB does not accept the memory or the threads given (ZHENGXIN_MEMORY, ZHENGXIN_THREADS): ${reason}`;
  }
  return `The database ${path} cannot be opened: ${reason} If it is damaged, move it away and run again: it is built anew from the files of the sources.`;
}
