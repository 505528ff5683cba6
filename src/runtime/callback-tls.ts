import { X509Certificate, createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { getCACertificates } from 'node:tls';
import { SagecfgError } from '../problem/sagecfg-error.ts';

/** Certificates for the way to receivers, as PEM. Nothing turns their checks off. */
export interface CallbackTls {
  /** Authorities that are trusted: those of Node, and one's own. */
  readonly ca?: string[];
  readonly cert?: string;
  readonly key?: string;
}

/** Reads certificates; their paths are absolute. Throws `SagecfgError` for a file that is not what it is to be. */
export function readCallbackTls({
  ca,
  certificate,
  key,
}: {
  readonly ca?: string | undefined;
  readonly certificate?: string | undefined;
  readonly key?: string | undefined;
}): CallbackTls | undefined {
  if ((certificate === undefined) !== (key === undefined)) {
    throw new SagecfgError(
      'settings',
      'runtime.callback.certificate and runtime.callback.key belong together',
    );
  }
  if (ca === undefined && certificate === undefined) return undefined;
  return {
    ...(ca !== undefined && { ca: [...getCACertificates('default'), readCertificate('ca', ca)] }),
    ...(certificate !== undefined && { cert: readCertificate('certificate', certificate) }),
    ...(key !== undefined && { key: readKey(key) }),
  };
}

function readCertificate(setting: string, path: string): string {
  const pem = readPem(setting, path);
  try {
    // Only to see whether it is one: a file may hold several.
    void new X509Certificate(pem);
    return pem;
  } catch (cause) {
    throw new SagecfgError('settings', `runtime.callback.${setting}: ${path} holds no certificate in PEM`, {
      cause,
    });
  }
}

function readKey(path: string): string {
  const pem = readPem('key', path);
  try {
    createPrivateKey(pem);
    return pem;
  } catch (cause) {
    throw new SagecfgError(
      'settings',
      `runtime.callback.key: ${path} holds no private key in PEM without a password`,
      {
        cause,
      },
    );
  }
}

function readPem(setting: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new SagecfgError('unreadable', `runtime.callback.${setting}: cannot read ${path}`, { cause });
  }
}
