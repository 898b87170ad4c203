import Share from '@lucide/svelte/icons/share';
import type { Room } from '../../app/rooms';
import ExportRoom from './ExportRoom.svelte';

export const room: Room = { id: 'export', title: 'Export', icon: Share, order: 5, component: ExportRoom };
