import type { HostAnswer } from '@sallyport/core/wire/api-answers.js';
import { type FormEvent, useState } from 'react';
import type { NewHost } from '../api/hosts.js';
import { useText } from '../i18n/provider.js';
import { Button } from '../ui/button.js';
import { TextArea, TextField } from '../ui/field.js';
import { Tag } from '../ui/words.js';
import { placeOf, readHostLine, writeLabels } from './host-line.js';

export type HostDraft = NewHost & { login?: string };

/** Reads what was pasted and shows what it understood before anything is sent. */
export function HostLineForm(props: { host: HostAnswer | undefined; busy: boolean; onReach(draft: HostDraft): void }) {
  const t = useText();
  const { host } = props;
  const [line, setLine] = useState(() => (host === undefined ? '' : placeOf(host)));
  const [name, setName] = useState(host?.name);
  const [tried, setTried] = useState(false);
  const read = readHostLine(line);
  const shownName = name ?? read?.name ?? '';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (read === undefined) return;
    const { login, address, port, labels } = read;
    props.onReach({
      name: shownName.trim(),
      address,
      port,
      labels: host === undefined ? { ...labels } : { ...host.labels, ...labels },
      ...(login !== undefined && { login }),
    });
  };
  return (
    <form className="form" onSubmit={submit}>
      <TextArea
        mono
        rows={2}
        label={t('inventory.line')}
        help={t('inventory.line-help')}
        error={tried && read === undefined ? t('inventory.line-unreadable') : undefined}
        placeholder="root@10.0.0.4:22"
        autoFocus
        value={line}
        onValue={setLine}
        onKeyDown={(event) => {
          // One line is the usual case: Enter tests it. Shift+Enter keeps writing an ssh_config block.
          if (event.key === 'Enter' && !event.shiftKey && !line.includes('\n') && !/^host\s/i.test(line)) {
            event.currentTarget.form?.requestSubmit();
            event.preventDefault();
          }
        }}
        required
      />
      {read !== undefined && (
        <>
          <p className="row row-w meta t2" aria-live="polite">
            <span className="mono break">
              {t('inventory.read-as', { login: read.login ?? '–', address: read.address, port: String(read.port) })}
            </span>
            {Object.keys(read.labels).length > 0 && <Tag>{writeLabels(read.labels)}</Tag>}
          </p>
          <TextField
            label={t('inventory.name')}
            help={t('inventory.name-help')}
            value={shownName}
            onValue={setName}
            autoComplete="off"
            required
          />
        </>
      )}
      <div className="acts">
        <Button type="submit" kind="primary" busy={props.busy}>
          {host === undefined ? t('inventory.test') : t('inventory.test-again')}
        </Button>
      </div>
    </form>
  );
}
