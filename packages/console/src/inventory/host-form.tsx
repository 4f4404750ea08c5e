import type { HostAnswer } from '@sallyport/core/wire/api-answers.js';
import { useState } from 'react';
import { updateHost } from '../api/hosts.js';
import { useText } from '../i18n/provider.js';
import { Checkbox, SelectField, TextField } from '../ui/field.js';
import { type Ends, FormDialog, useSave } from '../ui/form-dialog.js';
import { readLabels, writeLabels } from './host-line.js';

export function HostForm({ host, ...ends }: Ends & { host: HostAnswer }) {
  const t = useText();
  const [action, save] = useSave(ends);
  const [name, setName] = useState(host.name);
  const [address, setAddress] = useState(host.address);
  const [port, setPort] = useState(String(host.port));
  const [labels, setLabels] = useState(() => writeLabels(host.labels));
  const [legacyAlgorithms, setLegacy] = useState(host.legacyAlgorithms);
  const [onRecordingFailure, setFailure] = useState(host.onRecordingFailure);
  const [watcherRequired, setRequired] = useState(host.watcherRequired);
  const read = readLabels(labels);
  const submit = () => {
    if (read === undefined) return;
    const body = {
      name: name.trim(),
      address: address.trim(),
      port: Number(port),
      labels: read,
      legacyAlgorithms,
      onRecordingFailure,
      watcherRequired,
    };
    save(() => updateHost(host.id, body), t('inventory.saved', { name: body.name }));
  };
  return (
    <FormDialog
      title={t('inventory.edit-host', { name: host.name })}
      action={action}
      submit={t('common.save')}
      onClose={ends.onClose}
      onSubmit={submit}
    >
      <TextField label={t('inventory.name')} value={name} onValue={setName} autoComplete="off" required />
      <div className="form-2">
        <TextField
          mono
          label={t('inventory.address')}
          value={address}
          onValue={setAddress}
          autoComplete="off"
          required
        />
        <TextField
          mono
          type="number"
          min={1}
          max={65535}
          label={t('inventory.port')}
          value={port}
          onValue={setPort}
          required
        />
      </div>
      <TextField
        mono
        label={t('inventory.labels')}
        aside={t('common.optional')}
        help={t('inventory.labels-help')}
        error={read === undefined ? t('inventory.labels-unreadable') : undefined}
        value={labels}
        onValue={setLabels}
        autoComplete="off"
      />
      <SelectField<HostAnswer['onRecordingFailure']>
        label={t('inventory.recording-failure')}
        value={onRecordingFailure}
        choices={[
          { value: 'end', text: t('inventory.recording-end') },
          { value: 'allow-alert', text: t('inventory.recording-allow-alert') },
        ]}
        onValue={setFailure}
      />
      <Checkbox
        label={t('inventory.watcher-required')}
        help={t('inventory.watcher-required-help')}
        checked={watcherRequired}
        onChecked={setRequired}
      />
      <Checkbox
        label={t('inventory.legacy')}
        help={t('inventory.legacy-help')}
        checked={legacyAlgorithms}
        onChecked={setLegacy}
      />
    </FormDialog>
  );
}
