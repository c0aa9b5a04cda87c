/**
 * n8n's scanner for community packages, without its download: `node scripts/checks/scan.mjs <folder> <pattern…>`.
 * Exit code 1 when a rule is broken. n8n itself scans the source and the tarball of every published version.
 */

import { analyzePackage } from '@n8n/scan-community-package/scanner/scanner.mjs';

const [folder, ...patterns] = process.argv.slice(2);
const { passed, message, details } = await analyzePackage(folder, patterns);
// The scanner also passes a folder in which it has found nothing to scan.
if (message !== undefined) console.log(message);
if (details !== undefined) console.log(details);
process.exitCode = passed && message === undefined ? 0 : 1;
