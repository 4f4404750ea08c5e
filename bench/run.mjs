/** `npm run bench -- NAME [--rounds N] [--write] [--only a,b]`. Without a name: lists them. `all` runs each in turn. */
import { parseArgs } from 'node:util';
import { cleanUp } from './lib/processes.mjs';

const NAMES = {
  bulk: 'CPU per GB through the web terminal, beside peers',
  keystroke: 'round trip of a key, beside peers',
  'idle-sessions': 'memory per idle session',
  'recording-share': 'what recording costs of the trunk',
  'recording-size': 'what an hour of typical work weighs, beside asciicast and ttyrec',
  'recording-append': 'what one append of 4 KiB costs, beside a JSON line',
  'recording-sessions': 'what recording costs 1, 100 and 500 working sessions',
  verify: 'what checking a recording costs, beside SHA-256 of the same file',
  profile: 'where the CPU goes, by self time',
  seek: 'seeking in a recording of 24 h and 2 GB in a browser',
  'watch-owner': 'what watchers cost the one who works, beside peers',
  'watch-fanout': 'CPU per MB delivered to 1 to 1,000 watchers, beside naive fan-out',
  'watch-join': 'from the press to the screen of a running session',
  'end-latency': 'from the press to the end of a session, at both ends of it',
  'unwatched-cost': 'what it costs that a session could be watched',
  wall: 'pictures of 24 busy sessions for one who looks',
  'page-weight': 'bytes and time to the first prompt in a browser',
};
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string' },
    write: { type: 'boolean', default: false },
    only: { type: 'string' },
    sessions: { type: 'string' },
  },
});
const wanted = positionals[0] === 'all' ? Object.keys(NAMES).filter((name) => name !== 'profile') : positionals;
if (wanted.length === 0 || wanted.some((name) => !(name in NAMES))) {
  const list = Object.entries(NAMES).map(([name, what]) => `  ${name.padEnd(18)} ${what}`);
  process.stderr.write(
    `npm run bench -- NAME [--rounds N] [--write] [--only a,b]\n\n${list.join('\n')}\n  all                each of them\n`,
  );
  process.exit(2);
}
try {
  for (const name of wanted) {
    const { run } = await import(`./${name}.mjs`);
    await run({
      write: values.write,
      ...(values.rounds === undefined ? {} : { rounds: Number(values.rounds) }),
      ...(values.only === undefined ? {} : { only: values.only.split(',') }),
      ...(values.sessions === undefined ? {} : { sessions: Number(values.sessions) }),
    });
    await cleanUp();
  }
} finally {
  await cleanUp();
}
process.exit(0);
