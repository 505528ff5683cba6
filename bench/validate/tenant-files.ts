/**
 * Tenants as a company of integrators has them: no two files alike, and most of what they poll alike, since it was copied
 * or generated from the same few entries. One in twenty has a mistake. Nothing is random: every run measures the same.
 */
export function tenantFile(index: number): string {
  const resources = [0, 1].map((nth) => resourceNames[(index + nth * 5) % resourceNames.length] ?? '');
  const entries = resources.map((resource, nth) => tenantEntry(resource, resource, (index >> 3) + nth));
  return head(index) + (index % 20 === 7 ? entries.join('').replace("'Z'}'", "'Z'}") : entries.join(''));
}

/** A tenant whose entries are like those of no other. */
export function oddTenantFile(index: number): string {
  return tenantFile(index).replaceAll("updated_at'", `updated_at,field_${index}'`);
}

/** One tenant with so many entries, each of another name. */
export function largeFile(count: number): string {
  const entries = Array.from({ length: count }, (_, nth) => tenantEntry(`customers${nth}`, 'customers', 0));
  return head(0) + entries.join('');
}

const resourceNames = [
  'customers',
  'vendors',
  'products',
  'invoices',
  'payments',
  'bank-accounts',
  'journal-entries',
  'ledger-accounts',
  'purchase-invoices',
  'sales-credit-notes',
  'tax-rates',
  'services',
];

function head(index: number): string {
  const name = `tenant-${String(index * 7919).padStart(7, '0')}`;
  return `# ${name}: looked after by team ${index % 9}
name: ${name}
element: { key: sageone }
providerData: { code: "\${env:CODE_${index}}" }
configuration:
  event.notification.enabled: true
  event.notification.callback.url: https://events-${index % 13}.example.com/sage/${name}
  event.notification.signature.key: \${env:SIGNATURE_KEY_${index}}
  event.vendor.type: polling
  event.poller.refresh_interval: ${[15, 30, 60][index % 3]}
  oauth.api.key: \${env:API_KEY_${index}}
  oauth.api.secret: \${env:API_SECRET_${index}}
  oauth.callback.url: https://connect.example.com/oauth/${name}
  event.poller.configuration:
`;
}

/** In a few spellings that all mean the same. */
function tenantEntry(name: string, resource: string, variant: number): string {
  const pattern = ["yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ssXXX"][variant % 2];
  const bound = `lastModifiedDate>='\${gmtDate:${pattern}}'`;
  const tolerance = variant % 3 === 0 ? '' : `      createdCheckTolerance: ${5 * (variant % 5) + 5}\n`;
  return `    ${name}:
      url: "/hubs/finance/${resource}?where=${bound} and attributes='created_at,updated_at'"
      idField: id
${tolerance}      datesConfiguration:
        updatedDateField: updated_at
        updatedDateFormat: ${pattern}
        updatedDateTimezone: GMT
        createdDateField: created_at
        createdDateFormat: ${pattern}
        createdDateTimezone: GMT
`;
}
