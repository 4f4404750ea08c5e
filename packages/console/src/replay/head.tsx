import type { SessionAnswer } from '@sallyport/core/wire/api-answers.js';
import { type ReactNode, useState } from 'react';
import { useFormat, useText } from '../i18n/provider.js';
import { Icon } from '../ui/icon.js';
import { Menu, MenuItem } from '../ui/menu.js';
import { Avatar, State } from '../ui/words.js';
import { evidenceAddress, exportAddress } from './content.js';
import { ExportPart } from './export-part.js';
import { endReasonWords } from './facts.js';

const FORMATS = [
  ['asciicast-v2', 'replay.export-v2'],
  ['asciicast-v3', 'replay.export-v3'],
  ['text', 'replay.export-text'],
  ['svg', 'replay.export-svg'],
  ['raw', 'replay.export-raw'],
] as const;

/** Whose session, how it ended, and what may be done with the whole. `children`: what is known of its integrity. */
export function ReplayHead(props: {
  session: SessionAnswer;
  beganAt: number;
  durationMs: number;
  positionMs: number;
  /** The moment shown, in words. */
  moment: string;
  onCopyLink(): void;
  children: ReactNode;
}) {
  const { session, beganAt, durationMs, positionMs } = props;
  const [part, setPart] = useState(false);
  const t = useText();
  const format = useFormat();
  const running = session.endedAt === undefined;
  const imported = session.origin !== undefined;
  const length = format.clock(durationMs);
  return (
    <div className="wbar">
      <Avatar name={session.userName} />
      <div className="f">
        <span className="cut">
          <b>{session.userName}</b> <span className="t3">→</span> <b>{session.hostName}</b>{' '}
          {!imported && t('replay.as-login', { login: session.login })}
        </span>
        <small className="t2 cut">
          {running
            ? t('replay.span-live', { from: format.dateTime(beganAt), length })
            : t('replay.span', {
                from: format.dateTime(beganAt),
                to: format.time(imported ? beganAt + durationMs : (session.endedAt ?? beganAt)),
                length,
              })}
        </small>
      </div>
      <div className="f why">
        <State dot={running ? 'live' : session.state === 'failed' ? 'bad' : 'done'}>
          {endReasonWords(session, t) ?? t('replay.state-live')}
        </State>
      </div>
      <div className="end">
        {props.children}
        <button type="button" className="btn" onClick={props.onCopyLink}>
          <Icon name="link" />
          {t('replay.copy-link', { time: props.moment })}
        </button>
        <Menu
          label={t('replay.export')}
          buttonClass="btn"
          button={
            <>
              <Icon name="download" />
              {t('replay.export')}
              <Icon name="down" />
            </>
          }
        >
          {(close) => (
            <>
              {!running && (
                <a role="menuitem" href={evidenceAddress(session.id)} download onClick={close}>
                  {t('replay.export-evidence')}
                </a>
              )}
              {FORMATS.map(([as, text]) => (
                <a key={as} role="menuitem" href={exportAddress(session.id, as)} download onClick={close}>
                  {t(text)}
                </a>
              ))}
              <MenuItem close={close} onDo={() => setPart(true)}>
                {t('replay.export-part')}
              </MenuItem>
            </>
          )}
        </Menu>
        {part && (
          <ExportPart
            sessionId={session.id}
            positionMs={positionMs}
            durationMs={durationMs}
            onClose={() => setPart(false)}
          />
        )}
      </div>
    </div>
  );
}
