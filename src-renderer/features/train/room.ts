import Activity from '@lucide/svelte/icons/activity';
import type { Room } from '../../app/rooms';
import TrainRoom from './TrainRoom.svelte';

export const room: Room = { id: 'train', title: 'Train', icon: Activity, order: 3, component: TrainRoom };
