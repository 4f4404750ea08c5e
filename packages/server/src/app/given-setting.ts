import type { SettingKey } from './settings.js';

export type Origin = 'flag' | 'environment' | 'file' | 'default';

/** A setting's value as one source gave it. */
export interface GivenSetting {
  readonly key: SettingKey;
  readonly text: string;
  readonly origin: Origin;
  /** `--http`, `SALLYPORT_HTTP`, `sallyport.yaml:3` */
  readonly name: string;
  /** Relative paths are meant from here. */
  readonly directory: string;
}
