import type { Catalogue } from '../messages.js';
import { actions } from './actions.js';
import { audit } from './audit.js';
import { connect } from './connect.js';
import { control } from './control.js';
import { details } from './details.js';
import { common } from './everywhere.js';
import { frame } from './frame.js';
import { imports } from './imports.js';
import { inventory } from './inventory.js';
import { keep } from './keep.js';
import { live } from './live.js';
import { me } from './me.js';
import { recordings } from './recordings.js';
import { replay } from './replay.js';
import { settings } from './settings.js';
import { setup } from './setup.js';
import { signIn } from './sign-in.js';
import { terminal } from './terminal.js';
import { watch } from './watch.js';

export const catalogue: Catalogue = {
  common,
  frame,
  signIn,
  setup,
  connect,
  terminal,
  live,
  watch,
  control,
  recordings,
  replay,
  imports,
  keep,
  inventory,
  audit,
  actions,
  details,
  settings,
  me,
};
