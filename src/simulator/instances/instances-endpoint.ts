import type { Answer, ReceivedRequest } from '../http/answer.ts';
import { headerOf, jsonAnswer } from '../http/answer.ts';
import type { Endpoint } from '../http/endpoint.ts';
import type { Grants } from '../oauth/grants.ts';
import type { Random } from '../random.ts';
import type { Tenant } from '../tenant.ts';
import { authenticateInstance } from './authenticate-instance.ts';
import type { Instances } from './instances.ts';
import { answerList } from './list-instances.ts';
import { answerOAuthUrl } from './oauth-url.ts';
import { platformAnswerOfFault, platformErrors } from './platform-errors.ts';
import type { PlatformError } from './platform-errors.ts';
import type { PlatformInstance } from './platform-instance.ts';
import { isObject, readInstanceBody, readJsonBody } from './read-body.ts';
import { keyOfItem, renderInstance, renderItems } from './render-instance.ts';

export interface InstancesOptions {
  readonly instances: Instances;
  readonly tenants: readonly Tenant[];
  readonly grants: Grants;
  readonly random: Random;
}

export const platformPrefix = '/elements/api-v2';

type Result = Answer | PlatformError;
type Route = (request: ReceivedRequest, options: InstancesOptions, parameters: readonly string[]) => Result;

/** The platform's instance API: what `/instances` and `/elements/{key}` below its base URL answer. */
export function createInstancesEndpoint(options: InstancesOptions): Endpoint {
  return {
    name: 'instances',
    accepts: (path) => new RegExp(`^${platformPrefix}/(instances|elements)(/|$)`).test(path),
    identify: () => ({}),
    handle: (request) => {
      const result = answer(request, options);
      return typeof result === 'function' ? result(requestId(options.random)) : result;
    },
    answerOfFault: (fault) => platformAnswerOfFault(fault, requestId(options.random)),
  };
}

function answer(request: ReceivedRequest, options: InstancesOptions): Result {
  const accept = headerOf(request, 'accept') ?? '*/*';
  if (!/application\/json|\*\/\*/.test(accept)) return platformErrors.notAcceptable();
  const refusal = refuseCaller(request, options.instances);
  if (refusal !== undefined) return refusal;
  const path = request.path.slice(platformPrefix.length).replace(/\/$/, '');
  const found = routes.flatMap(({ pattern, methods }) => {
    const match = pattern.exec(path);
    return match === null ? [] : [{ methods, parameters: match.slice(1).map(decodeURIComponent) }];
  })[0];
  if (found === undefined) return platformErrors.missing(path);
  const route = found.methods[request.method];
  return route === undefined
    ? platformErrors.notAllowed(request.method)
    : route(request, options, found.parameters);
}

/** `Authorization: User …, Organization …`; an element's token beside them is accepted, but not in their place. */
function refuseCaller(request: ReceivedRequest, instances: Instances): PlatformError | undefined {
  const header = headerOf(request, 'authorization') ?? '';
  const part = (name: string): string | undefined => new RegExp(`\\b${name} ([^,\\s]+)`).exec(header)?.[1];
  if (part('User') !== instances.userSecret || part('Organization') !== instances.organizationSecret)
    return platformErrors.unauthorised();
  const token = part('Element');
  return token !== undefined && instances.byToken(token) === undefined
    ? platformErrors.unknownToken()
    : undefined;
}

const routes: readonly { readonly pattern: RegExp; readonly methods: Readonly<Record<string, Route>> }[] = [
  {
    pattern: /^\/instances$/,
    methods: { GET: (request, { instances }) => answerList(request, instances), POST: create },
  },
  {
    pattern: /^\/elements\/([^/]+)\/instances$/,
    methods: { POST: (request, options, [key]) => create(request, options, [key ?? '']) },
  },
  {
    pattern: /^\/elements\/([^/]+)\/oauth\/url$/,
    methods: { GET: (request, _options, [key = '']) => answerOAuthUrl(request, key) },
  },
  {
    pattern: /^\/instances\/(\d+)$/,
    methods: {
      GET: onInstance((instance) => jsonAnswer(200, renderInstance(instance))),
      PATCH: onInstance(patch),
      PUT: onInstance(replace),
      DELETE: onInstance((instance, _request, { instances }) => {
        instances.remove(instance.id);
        return jsonAnswer(200, {});
      }),
    },
  },
  {
    pattern: /^\/instances\/(\d+)\/enabled$/,
    methods: { PUT: onInstance(setEnabled(true)), DELETE: onInstance(setEnabled(false)) },
  },
  {
    pattern: /^\/instances\/(\d+)\/events$/,
    methods: { GET: onInstance(listEvents) },
  },
  {
    pattern: /^\/instances\/(\d+)\/configuration$/,
    methods: { GET: onInstance((instance) => jsonAnswer(200, renderItems(instance))) },
  },
  {
    pattern: /^\/instances\/(\d+)\/configuration\/(\d+)$/,
    methods: { GET: onInstance(readItem), PATCH: onInstance(patchItem) },
  },
];

type OnInstance = (
  instance: PlatformInstance,
  request: ReceivedRequest,
  options: InstancesOptions,
  rest: readonly string[],
) => Result;

function onInstance(handle: OnInstance): Route {
  return (request, options, [id = '', ...rest]) => {
    const instance = options.instances.get(Number(id));
    return instance === undefined
      ? platformErrors.instanceMissing(id)
      : handle(instance, request, options, rest);
  };
}

function create(request: ReceivedRequest, options: InstancesOptions, [key]: readonly string[]): Result {
  const read = readJsonBody(request);
  if ('error' in read) return read.error;
  const body = readInstanceBody(read.value);
  const elementKey = key ?? body.elementKey;
  if (elementKey === undefined) return platformErrors.badRequest('Missing required parameter: element.key');
  if (elementKey !== 'sageone') return platformErrors.elementMissing(elementKey);
  const { configuration, name = 'API_Polling', tags = [], externalAuthentication } = body;
  if (configuration === undefined)
    return platformErrors.badRequest('Missing required parameter: configuration');
  const authenticated = authenticateInstance(body, options);
  if ('error' in authenticated) return authenticated.error;
  const { tenant } = authenticated;
  const made = { elementKey, name, tags, tenant, configuration, externalAuthentication };
  const instance = options.instances.add(made);
  return jsonAnswer(200, renderInstance(instance, { isNew: true }));
}

/** Merges what it is given. */
function patch(instance: PlatformInstance, request: ReceivedRequest): Result {
  const read = readJsonBody(request);
  if ('error' in read) return read.error;
  const { name, tags, configuration = {} } = readInstanceBody(read.value);
  for (const [key, value] of Object.entries(configuration)) instance.configuration.set(key, value);
  instance.name = name ?? instance.name;
  instance.tags = tags ?? instance.tags;
  return jsonAnswer(200, renderInstance(instance));
}

/** Keeps the id and logs in again: whatever the body does not hold is gone. */
function replace(instance: PlatformInstance, request: ReceivedRequest, options: InstancesOptions): Result {
  const read = readJsonBody(request);
  if ('error' in read) return read.error;
  const body = readInstanceBody(read.value);
  if (body.configuration === undefined)
    return platformErrors.badRequest('Missing required parameter: configuration');
  const authenticated = authenticateInstance(body, options);
  if ('error' in authenticated) return authenticated.error;
  instance.tenant = authenticated.tenant;
  instance.name = body.name ?? instance.name;
  instance.tags = body.tags ?? instance.tags;
  instance.configuration.clear();
  for (const [key, value] of Object.entries(body.configuration)) instance.configuration.set(key, value);
  return jsonAnswer(200, renderInstance(instance));
}

function setEnabled(isEnabled: boolean): OnInstance {
  return (instance) => {
    instance.isEnabled = isEnabled;
    return jsonAnswer(200, {});
  };
}

function listEvents({ events }: PlatformInstance): Result {
  if (events.length === 0) return platformErrors.emptyList();
  const shown = events.map(({ eventDate, pollDateMs }, index) => ({
    id: `event-${index}`,
    eventDate,
    status: 'NOTIFIED',
    providerData: JSON.stringify({ pollDate: pollDateMs }),
    notifiedData: [],
  }));
  return jsonAnswer(200, shown);
}

function readItem(
  instance: PlatformInstance,
  _request: ReceivedRequest,
  _options: InstancesOptions,
  [id = '']: readonly string[],
): Result {
  const item = renderItems(instance).find((each) => each['id'] === Number(id));
  return item === undefined ? platformErrors.missing(`configuration ${id}`) : jsonAnswer(200, item);
}

function patchItem(
  instance: PlatformInstance,
  request: ReceivedRequest,
  options: InstancesOptions,
  [id = '']: readonly string[],
): Result {
  const key = keyOfItem(instance, Number(id));
  if (key === undefined) return platformErrors.missing(`configuration ${id}`);
  const read = readJsonBody(request);
  if ('error' in read) return read.error;
  if (!isObject(read.value) || !('propertyValue' in read.value))
    return platformErrors.badRequest('Missing required parameter: propertyValue');
  instance.configuration.set(key, read.value['propertyValue']);
  return readItem(instance, request, options, [id]);
}

function requestId(random: Random): string {
  return random.hex(24);
}
