import { randomInt, randomUUID } from 'node:crypto';
import type { Clock } from '../clock.mts';

/** flow-service-more.md 9.1; what statuses there are besides these is ⚠UNV. */
export type WebhookStatus = 'unverified' | 'verified' | 'unstable' | 'disabled';

export type DeliveryType = 'webhook' | 'journal';

/** A registration for events: flow-service-more.md 9.1. */
export interface StoredRegistration {
	id: number;
	registrationId: string;
	name: string;
	description: string;
	clientId: string;
	imsOrgId: string;
	organizationId: string;
	projectId: string;
	workspaceId: string;
	credentialId: string;
	/** Absent for one that has a journal only. */
	webhookUrl?: string;
	webhookStatus: WebhookStatus;
	deliveryType: DeliveryType;
	enabled: boolean;
	events: Array<{ provider_id: string; event_code: string }>;
	/** Epoch milliseconds. */
	createdAt: number;
	updatedAt: number;
	/** What the webhook has to repeat, as long as it has not. */
	challenge?: string;
	/** Deliveries of the last day, for when it is switched off. */
	attempts: Array<{ at: number; ok: boolean }>;
}

/** What of a registration its maker decides. */
export type RegistrationInput = Pick<
	StoredRegistration,
	'name' | 'description' | 'webhookUrl' | 'deliveryType' | 'enabled' | 'events'
>;

type Owner = Pick<
	StoredRegistration,
	'clientId' | 'imsOrgId' | 'organizationId' | 'projectId' | 'workspaceId' | 'credentialId'
>;

/** All registrations of all organizations. */
export class RegistrationStore {
	private readonly byId = new Map<string, StoredRegistration>();

	constructor(private readonly clock: Clock) {}

	create(input: RegistrationInput, owner: Owner): StoredRegistration {
		const now = this.clock.now();
		const registration: StoredRegistration = {
			id: randomInt(1, 1e9),
			registrationId: randomUUID(),
			...input,
			...owner,
			webhookStatus: input.webhookUrl === undefined ? 'verified' : 'unverified',
			createdAt: now,
			updatedAt: now,
			attempts: [],
		};
		this.byId.set(registration.registrationId, registration);
		return registration;
	}

	all(): StoredRegistration[] {
		return [...this.byId.values()];
	}

	find(registrationId: string): StoredRegistration | undefined {
		return this.byId.get(registrationId);
	}

	remove({ registrationId }: StoredRegistration): void {
		this.byId.delete(registrationId);
	}

	/** Whether it is there still. */
	has(registration: StoredRegistration): boolean {
		return this.byId.get(registration.registrationId) === registration;
	}

	touch(registration: StoredRegistration): void {
		registration.updatedAt = this.clock.now();
	}

	reset(): void {
		this.byId.clear();
	}
}
