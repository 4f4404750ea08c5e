/**
 * Loaded by `node --import` in one benchmark only: in place of the recording store on disk stands one that keeps nothing.
 * The product itself has no switch to run unrecorded.
 */
import { register } from 'node:module';

const NOTHING = `
const nothing = async () => undefined;
const writer = {
  output() {}, resize() {}, pressure: false, onRelief() {}, onFailure() {}, flush: nothing, seal: nothing,
};
export const createDiskRecordingStore = () => ({
  create: async () => writer,
  describe: nothing,
  header: nothing,
  async *read() {},
  readRaw: async () => new Uint8Array(),
  recover: async () => [],
  close: nothing,
});`;
const HOOKS = `
export async function load(url, context, next) {
  if (!url.endsWith('/edges/storage/disk/disk-recording-store.js')) return next(url, context);
  return { format: 'module', shortCircuit: true, source: ${JSON.stringify(NOTHING)} };
}`;
register(`data:text/javascript,${encodeURIComponent(HOOKS)}`);
