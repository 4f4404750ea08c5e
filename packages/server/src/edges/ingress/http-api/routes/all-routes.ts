/** The table of the API. What is not here does not exist. */
import { openApiRoute } from '../open-api.js';
import { createReadingNotes } from '../reading-notes.js';
import type { Route } from '../route.js';
import type { Services } from '../services.js';
import { accountRoutes } from './accounts.js';
import { auditRoutes } from './audit.js';
import { blockRoutes } from './blocks.js';
import { evidenceRoutes } from './evidence.js';
import { hostKeyRoutes } from './host-keys.js';
import { hostTestRoute } from './host-test.js';
import { hostRoutes } from './hosts.js';
import { keepRoutes } from './keep.js';
import { meRoutes } from './me.js';
import { recordingContentRoute } from './recording-content.js';
import { recordingEventRoutes } from './recording-events.js';
import { recordingEvidenceRoute } from './recording-evidence.js';
import { recordingImportRoute } from './recording-import.js';
import { recordingIndexRoutes } from './recording-index.js';
import { recordingNoteRoutes } from './recording-notes.js';
import { recordingRoutes } from './recordings.js';
import { sessionControlRoutes } from './session-control.js';
import { sessionRoutes } from './sessions.js';
import { settingRoutes } from './settings.js';
import { setupRoutes } from './setup.js';
import { signInRoutes } from './sign-in.js';
import { ticketRoutes } from './tickets.js';
import { tokenRoutes } from './tokens.js';
import { totpRoutes } from './totp.js';
import { userRoutes } from './users.js';

export function allRoutes(services: Services): readonly Route[] {
  const notes = createReadingNotes(services.audit, services.clock);
  const routes: Route[] = [
    ...setupRoutes(services),
    ...signInRoutes(services),
    ...meRoutes(services),
    ...totpRoutes(services),
    ...tokenRoutes(services),
    ...userRoutes(services),
    ...hostRoutes(services),
    hostTestRoute(services),
    ...accountRoutes(services),
    ...hostKeyRoutes(services),
    ...ticketRoutes(services),
    ...sessionRoutes(services),
    ...sessionControlRoutes(services),
    ...blockRoutes(services),
    ...recordingRoutes(services),
    recordingContentRoute(services, notes),
    ...recordingIndexRoutes(services, notes),
    ...recordingEventRoutes(services, notes),
    ...recordingNoteRoutes(services),
    ...keepRoutes(services),
    recordingImportRoute(services),
    recordingEvidenceRoute(services),
    ...evidenceRoutes(services),
    ...auditRoutes(services),
    ...settingRoutes(services),
  ];
  routes.push(openApiRoute(routes, services.version));
  return routes;
}
