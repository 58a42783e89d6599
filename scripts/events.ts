import { findDomains } from '#stacks/find-domains.ts';
import { checkEvents, releaseEvents } from './events/release.ts';
import { ReleasedEvents } from './events/released.ts';

const usage = `Holds the events that code defines against all that were ever recorded.

  npm run events -- check     says whether each event can still read what was released of it
  npm run events -- release   records new events, new versions and wider schemas as released

Exit code: 0 all is well, 1 something is not, 2 neither was asked for.`;

const actions = { check: checkEvents, release: releaseEvents };
const [asked = ''] = process.argv.slice(2);

if (asked === 'check' || asked === 'release') {
  const domains = await findDomains();
  const told = actions[asked](domains, new ReleasedEvents(process.cwd()));
  for (const { line } of told) console.log(line);
  const faults = told.filter(({ isFault }) => isFault).length;
  if (told.length === 0) console.log('All events are as they were released.');
  process.exitCode = faults === 0 ? 0 : 1;
} else {
  console.log(usage);
  process.exitCode = 2;
}
