/**
 * Roles and what each may do. The control book holds these rights as grants, brought up to date at every start
 * (`gateway/control/standing-facts.ts`); the console asks them here for what to offer.
 */
export const ROLES = ['admin', 'operator', 'auditor'] as const;
export type Role = (typeof ROLES)[number];

/** Operations a principal may ask for. `resource` says what the operation is asked on. */
export const OPERATIONS = [
  'connect', // open a session on a host
  'end', // end a session (one's own: every role that may connect)
  'watch', // look at a running session
  'freeze', // hold the input of its user, and let it go
  'message', // say something to its user
  'block.read',
  'block.write', // keep a user out for a time
  'replay', // read a recording (one's own: every role that may connect)
  'download', // export a recording
  'import', // bring a recording from a file
  'recording.hold', // put a recording, a user or a host under legal hold
  'recording.release', // lift a hold: the first step to a deletion, so the right is the same as that of deleting
  'recording.delete',
  'retention.read',
  'retention.write',
  'session.list', // see all sessions (else only one's own)
  'audit.read',
  'inventory.read', // hosts, accounts, host keys
  'inventory.write',
  'user.read',
  'user.write',
  'settings.read',
  'settings.write',
] as const;
export type Operation = (typeof OPERATIONS)[number];

const ADMIN: readonly Operation[] = OPERATIONS;
const OPERATOR: readonly Operation[] = ['connect', 'inventory.read'];
const AUDITOR: readonly Operation[] = [
  'watch', // sees, and touches nothing
  'block.read',
  'replay',
  'download',
  'import',
  'recording.hold', // freezes evidence; may neither thaw nor delete it
  'retention.read',
  'session.list',
  'audit.read',
  'inventory.read',
  'user.read',
];

export function roleMay(role: Role, operation: Operation): boolean {
  switch (role) {
    case 'admin':
      return ADMIN.includes(operation);
    case 'operator':
      return OPERATOR.includes(operation);
    case 'auditor':
      return AUDITOR.includes(operation);
  }
}
