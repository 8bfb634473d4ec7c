import { failForNow } from "../fetch-error.ts";
import type { Fetching } from "./connector.ts";

/**
 * Stops a fetch that finds nothing where something came from before: a place that is not mounted, was moved or emptied, or a query
 * whose tables are gone. What came before stays; nobody takes everything back by emptying a place.
 * @param address what the addresses of all that came from there begin with
 * @param shown the place as people know it
 * @throws ConnectorFault
 */
export async function stopEmptied(
  { cameFrom }: Pick<Fetching, "cameFrom">,
  address: string,
  shown: string,
): Promise<void> {
  if (!(await cameFrom(address))) return;
  failForNow(
    shown,
    `${shown} 没有给出任何内容，而此前从这里收到过；不视为全部撤下。请核对其是否已挂载、被移走或清空，查询与接口是否仍有数据；确要停用，请把该数据源从流程中去掉。`,
    `${shown} gives nothing, though something came from there before; this is not taken for a withdrawal of everything. Check that it is mounted and was not moved or emptied, and that the query or interface still has data; to stop using the source, take it out of the pipeline.`,
  );
}
