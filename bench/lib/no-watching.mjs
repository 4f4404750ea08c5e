/**
 * Loaded by `node --import` in one benchmark only: nobody can watch, and no output reaches a watch tap. The product itself
 * has no switch to run unwatchable.
 */
import { register } from 'node:module';

const NOTHING = `
const nothing = () => undefined;
export const createWatchRoom = () => ({
  trail: { offset: 0, output: nothing, resize: nothing, close: nothing }, watchers: 0,
  live: nothing, output: nothing, resize: nothing, ended: nothing, join: nothing, onEnd: nothing,
});`;
const HOOKS = `
export async function load(url, context, next) {
  if (!url.endsWith('/gateway/watch/watch-room.js')) return next(url, context);
  return { format: 'module', shortCircuit: true, source: ${JSON.stringify(NOTHING)} };
}`;
register(`data:text/javascript,${encodeURIComponent(HOOKS)}`);
