/** A shell driven by text: waits for marks, pours a file through it, types keys. The same for every system. */
import { cpuSeconds, pause } from './processes.mjs';

const TAIL_BYTES = 256;

/** Opens a session and brings its shell to a known quiet state: no prompt, no echo, no translation. */
export async function openShell(system) {
  const shell = { bytes: 0, tail: '', waiting: undefined, onBytes: undefined };
  const session = await system.open((bytes) => {
    shell.bytes += bytes.length;
    shell.tail = (shell.tail + bytes.subarray(-TAIL_BYTES).toString('latin1')).slice(-TAIL_BYTES);
    shell.onBytes?.(bytes);
    shell.hash?.update(bytes);
    if (shell.waiting && shell.tail.includes(shell.waiting.mark)) shell.waiting.done(true);
  });
  shell.send = session.send;
  shell.close = session.close;
  shell.sessionId = session.sessionId;
  shell.until = (mark, ms) => {
    if (shell.tail.includes(mark)) return Promise.resolve(true);
    return new Promise((resolve) => {
      const timer = setTimeout(() => finish(false), ms);
      const finish = (found) => {
        clearTimeout(timer);
        shell.waiting = undefined;
        resolve(found);
      };
      shell.waiting = { mark, done: finish };
    });
  };
  const deadline = performance.now() + 10_000;
  while (shell.bytes === 0 && performance.now() < deadline) await pause(5);
  await pause(300); // a prompt, or a banner
  // The marks are printed in two halves, so that the echo of the command is not taken for them.
  shell.send("PS1=; PS2=; PROMPT_COMMAND=; unset HISTFILE; stty raw -echo; printf RE; printf 'ADY\\n'\n");
  if (!(await shell.until('READY', 15_000)))
    throw new Error(`${system.name}: the shell never answered: ${JSON.stringify(shell.tail)}`);
  await pause(100);
  return shell;
}

/** Pours `blocks` of 64 KiB of a file, `times` over, through the shell. `whole`: the end mark came. Set `shell.hash` to hash what comes. */
export async function pour(system, shell, file, blocks, { ms = 60_000, times = 1 } = {}) {
  shell.bytes = 0;
  shell.tail = '';
  const cpu = cpuSeconds(system.pids);
  const started = performance.now();
  const dd = `dd if=${file} bs=64k count=${blocks} status=none`;
  shell.send(`for turn in $(seq ${times}); do ${dd}; done; printf DO; printf NE\n`);
  const whole = await shell.until('DONE', ms);
  const seconds = (performance.now() - started) / 1000;
  await pause(150); // the last acknowledgements
  const gigabytes = shell.bytes / 2 ** 30;
  return {
    whole,
    seconds,
    bytes: shell.bytes,
    cpuPerGb: (cpuSeconds(system.pids) - cpu) / gigabytes,
    mbPerS: shell.bytes / 2 ** 20 / seconds,
  };
}

/** Round trips in ms of `count` keys through `cat` on the raw terminal, `gapMs` after each echo. */
export async function typeKeys(shell, count, gapMs) {
  shell.tail = '';
  shell.send("printf RE; printf 'ADY2'; exec cat\n");
  if (!(await shell.until('READY2', 15_000))) throw new Error('cat never started');
  await pause(200);
  return keys(shell, count, gapMs);
}

export async function keys(shell, count, gapMs) {
  const trips = [];
  for (let key = 0; key < count; key++) {
    let timer;
    const echoed = new Promise((resolve) => {
      shell.onBytes = () => resolve(true);
      timer = setTimeout(() => resolve(false), 3_000);
    });
    const started = performance.now();
    shell.send('x');
    const came = await echoed;
    clearTimeout(timer);
    trips.push(came ? performance.now() - started : Number.POSITIVE_INFINITY);
    if (gapMs > 0) await pause(gapMs);
  }
  shell.onBytes = undefined;
  return trips;
}
