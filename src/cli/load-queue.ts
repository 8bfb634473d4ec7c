/** What commands do with the queue; its libraries take a while to load, so only those commands load them. */
export async function loadQueue() {
  const [backfill, deadJobs, runJobs, settledJobs, visit] = await Promise.all([
    import("../queue/backfill.ts"),
    import("../queue/dead-jobs.ts"),
    import("../queue/run-jobs.ts"),
    import("../queue/settled-jobs.ts"),
    import("../queue/visit-queues.ts"),
  ]);
  return { ...backfill, ...deadJobs, ...runJobs, ...settledJobs, ...visit };
}
