/** Which ring a file stands in, and what that ring may import. ARCHITECTURE.md says the same in prose. */
import type { Import } from './source-files.js';

export type Ring = 'core' | 'ports' | 'gateway' | 'edges' | 'app' | 'cli' | 'console' | 'verify';

export function ringOf(path: string): Ring | undefined {
  if (path.startsWith('packages/core/src/')) return 'core';
  if (path.startsWith('packages/server/src/gateway/ports/')) return 'ports';
  if (path.startsWith('packages/server/src/gateway/')) return 'gateway';
  if (path.startsWith('packages/server/src/edges/')) return 'edges';
  if (path.startsWith('packages/server/src/app/')) return 'app';
  if (path.startsWith('packages/cli/src/')) return 'cli';
  if (path.startsWith('packages/console/src/')) return 'console';
  if (path.startsWith('packages/verify/src/')) return 'verify';
  return undefined;
}

/** Kinds of edges that hold several siblings; the others are one edge each. */
const KINDS_WITH_SIBLINGS = ['ingress', 'egress', 'storage', 'cluster', 'checks'];

/** The edge a file belongs to: `ingress/http-api`, `vault`. Siblings never import each other. */
export function edgeOf(path: string): string | undefined {
  const parts = /^packages\/server\/src\/edges\/(.+)$/.exec(path)?.[1]?.split('/');
  if (parts === undefined) return undefined;
  const [kind = '', second = ''] = parts;
  const deep = KINDS_WITH_SIBLINGS.includes(kind);
  return (deep ? `${kind}/${second}` : kind).replace(/\.tsx?$/, '');
}

/** The gateway's entry functions: all that an ingress may see of the trunk. */
export const GATEWAY_ENTRIES: readonly string[] = [
  'gateway',
  'access-guard',
  'ticket-book',
  'open-session',
  'end-session',
  'session-registry',
  'evidence',
  'evidence-bundle',
  'import-recording',
  'replay-indexes',
  'keep/recording-keeper',
  'session-events',
  'viewing-book',
].map((name) => `packages/server/src/gateway/${name}.ts`);

/** npm packages each ring may use; undefined: any. The trunk knows no vendor and the core only its schema language. */
const PACKAGES: Partial<Record<Ring, readonly string[]>> = { core: ['zod'], ports: [], gateway: [], verify: [] };

/** Why this import breaks the house, or undefined. */
export function brokenArrow(edge: Import): string | undefined {
  const ring = ringOf(edge.from);
  if (ring === undefined) return 'stands in no ring';
  const where = `${edge.from} (${ring}) imports ${edge.specifier}`;
  if (edge.to === undefined) return brokenPackage(ring, edge.specifier, where);
  const target = ringOf(edge.to);
  if (target === undefined) return /\.(css|json|svg)$/.test(edge.to) ? undefined : `${where}: outside every ring`;
  const samePackage = edge.from.split('/')[1] === edge.to.split('/')[1];
  if (samePackage !== edge.specifier.startsWith('.')) return `${where}: other packages are imported by name`;
  const wrong = `${where} (${target})`;
  switch (ring) {
    case 'core':
    case 'console':
    case 'verify':
      return target === ring || (ring !== 'core' && target === 'core') ? undefined : wrong;
    case 'ports':
      return target === 'core' || target === 'ports' ? undefined : wrong;
    case 'gateway':
      return target === 'core' || target === 'ports' || target === 'gateway' ? undefined : wrong;
    case 'edges':
      if (target === 'core' || target === 'ports') return undefined;
      if (target === 'gateway') {
        const entry = edgeOf(edge.from)?.startsWith('ingress/') && GATEWAY_ENTRIES.includes(edge.to);
        return entry ? undefined : wrong;
      }
      if (target !== 'edges') return wrong;
      return edgeOf(edge.from) === edgeOf(edge.to) ? undefined : `${where}: edges are siblings`;
    case 'app':
      return target === 'cli' || target === 'console' ? wrong : undefined;
    case 'cli':
      return target === 'core' || target === 'app' || target === 'cli' ? undefined : wrong;
  }
}

function brokenPackage(ring: Ring, specifier: string, where: string): string | undefined {
  if (specifier.startsWith('node:')) return ring === 'core' || ring === 'console' ? where : undefined;
  const name = specifier.startsWith('@') ? specifier.split('/').slice(0, 2).join('/') : specifier.split('/')[0]!;
  if (name === 'ssh2') {
    const at = /^packages\/server\/src\/edges\/egress\/ssh-client\//.test(where.split(' ')[0]!);
    if (!at) return `${where}: ssh2 stays behind the target-connector port`;
  }
  const allowed = PACKAGES[ring];
  return allowed === undefined || allowed.includes(name) ? undefined : where;
}
