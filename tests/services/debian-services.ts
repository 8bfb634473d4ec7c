/** A server or tool outside npm that tests start for real. */
export interface TestService {
  /** What tests use it for, as an end of the sentence "... are skipped". */
  readonly tests: string;
  /** Names of the programs that must be found. */
  readonly binaries: readonly string[];
  /** Debian packages that bring them. */
  readonly packages: readonly string[];
}

/** Every service the tests need. A new one is a row here and nothing else. */
export const TEST_SERVICES: readonly TestService[] = [
  {
    tests: "the tests of queues, workers and schedules",
    binaries: ["redis-server"],
    packages: ["redis-server"],
  },
  {
    tests: "the test of a clock that is moved back",
    binaries: ["faketime"],
    packages: ["faketime"],
  },
  {
    tests: "the tests of fetching from PostgreSQL",
    binaries: ["postgres", "initdb", "openssl"],
    packages: ["postgresql", "openssl"],
  },
  {
    tests: "the tests of fetching from MariaDB",
    binaries: ["mariadbd", "mariadb-install-db", "openssl"],
    packages: ["mariadb-server", "openssl"],
  },
  {
    tests: "the tests of fetching by SFTP",
    binaries: ["sshd", "ssh-keygen"],
    packages: ["openssh-server"],
  },
  {
    tests: "the tests of the pages in a browser, and of printing a credit report as PDF",
    binaries: ["chromium"],
    packages: ["chromium", "fonts-noto-cjk"],
  },
];
