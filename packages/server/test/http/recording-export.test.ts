import { AsciicastDecoder } from '@sallyport/core/cast/asciicast-import.js';
import type { RecordedEvent } from '@sallyport/core/cast/recorded-event.js';
import type { Session } from '@sallyport/core/model/session.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRecordingRenderer } from '../../src/edges/screen/recording-renderer.js';
import { codeOf, type Gate, openGate, type Person } from '../fixtures/http-gate.js';
import { bundleScreenWorker } from '../fixtures/screen-worker-bundle.js';

let gate: Gate;
let owner: Person;
let session: Session;
beforeAll(async () => {
  gate = await openGate({ renderer: createRecordingRenderer({ worker: await bundleScreenWorker('render-worker') }) });
  owner = await gate.person('olga', 'operator');
  session = await gate.recorded(owner, ['one\r\n', '\u001b[31mtwo\u001b[0m\r\n', '中文\r\n', 'four']);
});
afterAll(() => gate.close());

const exported = (query: string): Promise<Response> => owner.ask('GET', `recordings/${session.id}/export?${query}`);
function read(text: string): { decoder: AsciicastDecoder; events: RecordedEvent[] } {
  const decoder = new AsciicastDecoder();
  const events = [...decoder.push(Buffer.from(text)), ...decoder.finish()];
  return { decoder, events };
}

test('text, picture and asciicast come as files of their kind, and each is an audit row with its part', async () => {
  const text = await exported('format=text');
  expect(text.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  expect(text.headers.get('content-disposition')).toContain(`sallyport-${session.id}.txt`);
  expect(await text.text()).toBe('one\ntwo\n中文\nfour\n');
  const svg = await exported('format=svg&fromMs=100&toMs=250');
  expect(svg.headers.get('content-type')).toBe('image/svg+xml');
  const picture = await svg.text();
  expect(picture).toContain('中文');
  expect(picture).not.toContain('four');
  const rows = await gate.audit.list({ action: 'recording.download', limit: 1 });
  expect(rows[0]?.detail).toEqual({ format: 'svg', fromMs: 100, toMs: 250 });
});

test.each([2, 3])(
  'a part as asciicast v%i is a recording of its own: screen first, then what came',
  async (version) => {
    const answer = await exported(`format=asciicast-v${version}&fromMs=150&toMs=250`);
    const { decoder, events } = read(await answer.text());
    expect(decoder.fault).toBeUndefined();
    expect(decoder.header).toMatchObject({ version, size: { cols: 80, rows: 24 } });
    const outputs = events.filter((event) => event.type === 'output');
    expect(outputs.map(({ atMs }) => atMs)).toEqual([0, 50]);
    expect(Buffer.from(outputs[0]!.bytes).toString()).toMatch(/one[\s\S]*two/);
    expect(Buffer.from(outputs[1]!.bytes).toString()).toBe('中文\r\n');
  },
);

test('a part of the container is refused: cut, it would prove nothing; so is one that ends before it begins', async () => {
  for (const query of ['format=raw&fromMs=100', 'format=text&fromMs=200&toMs=100', 'format=text&fromMs=-1']) {
    const answer = await exported(query);
    expect(answer.status, query).toBe(400);
    expect(await codeOf(answer)).toBe('request.invalid');
  }
});
