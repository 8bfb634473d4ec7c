// Opens a working database as some other program would, says so, and keeps it until it is stopped.
import { Store } from "../../src/store/store.ts";

await Store.open(process.argv[2] as string, { memory: "128MB", threads: 1 });
process.stdout.write("held\n");
setInterval(() => {}, 60_000);
