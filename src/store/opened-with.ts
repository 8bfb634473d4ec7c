/** What a database is opened with; what does not fit its memory is put aside in the folder for spilling. */
export function openedWith(
  { memory, threads }: { readonly memory: string; readonly threads: number },
  spill: string,
): Record<string, string> {
  return {
    memory_limit: memory,
    threads: String(threads),
    temp_directory: spill,
    preserve_insertion_order: "true",
    autoinstall_known_extensions: "false",
  };
}
