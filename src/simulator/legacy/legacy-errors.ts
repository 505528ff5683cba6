import type { Answer } from '../http/answer.ts';
import { jsonAnswer } from '../http/answer.ts';

/** What Azure's API management answers in place of Sage, in Sage's shape. */
function managementError(status: number, dataCode: string, message: string, source: string): Answer {
  const error = { $severity: 'APIM error', $dataCode: dataCode, $message: message, $source: source };
  return jsonAnswer(status, [error]);
}

export const legacyErrors = {
  missingHeader: (name: string) =>
    managementError(
      401,
      'HeaderNotFound',
      `Header ${name} was not found in the request. Access denied.`,
      'check-header[2]',
    ),
  unknownKey: () =>
    managementError(
      401,
      'AuthorizationFailure',
      'Access denied. Cannot verify subscription. Check your key. (MRF)',
      'check-subscription',
    ),
  wrongSite: () =>
    managementError(401, 'AuthorizationFailure', 'Cannot verify subscription. Check X-Site. (MRF)', ''),
  wrongSignature: () => managementError(401, 'SignatureInvalid', 'The request signature is invalid.', ''),
};
