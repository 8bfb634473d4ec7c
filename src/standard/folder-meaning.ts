/** What it means when a file is no longer in a source's folder. */
type FolderMeaning = "deliveries" | "mirror" | undefined;

/** Whether a file that is gone from the source's folder no longer counts. */
export function isMirror({ folder }: { readonly folder?: FolderMeaning }): boolean {
  return folder === "mirror";
}

/** Only of a folder that is read in place is it seen when a file goes. */
export function findFolderFaults(folder: FolderMeaning, connector: string) {
  if (!folder || connector === "folder") return [];
  return [
    {
      path: ["folder"],
      message: `says what a folder means, but the files of this source come by ${connector}: copies of them are kept, and what the other side deletes is not seen. 只有 connector: folder 的来源可以写 folder；要撤下文件请用 zhengxin withdraw。Leave it out, and end a file with "zhengxin withdraw"`,
    },
  ];
}
