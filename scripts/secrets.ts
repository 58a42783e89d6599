import { secretsInTree } from './supply-chain/secrets.ts';

const { files, findings } = await secretsInTree(process.cwd());
for (const { path, line, message } of findings) {
  console.log(
    process.env['GITHUB_ACTIONS']
      ? `::error file=${path},line=${line}::${message}`
      : `${path}:${line} ${message}`,
  );
}
console.log(`${findings.length} secrets in ${files} files`);
process.exitCode = findings.length === 0 ? 0 : 1;
