import type { SampleFile, SampleSource } from "./city.ts";

/** The note that stands beside a source's files. */
export function writeNote({ id, title, note }: SampleSource, files: readonly SampleFile[]): string {
  return `# ${title.zh} / ${title.en}

**合成示例数据，并非真实记录。Synthetic example data; none of it happened.**

${note.zh}

${note.en}

- 文件 / Files: ${files.map(({ name }) => `\`${name}\``).join(", ")}
- 生成 / Made by: \`node --import tsx data-samples/generate/main.ts --seed 2018 --out data-samples/qingdao --only ${id}\`
- 映射 / Mapping: \`pipelines/sources/qingdao/${id}.yaml\`
`;
}
