import { lockedPackages, refusedLicences } from './supply-chain/licences.ts';

const packages = lockedPackages(process.cwd());
const refused = refusedLicences(packages);
for (const line of refused) console.log(process.env['GITHUB_ACTIONS'] ? `::error::${line}` : line);
console.log(`${refused.length} of ${packages.length} packages have a licence that we refuse`);
process.exitCode = refused.length === 0 ? 0 : 1;
