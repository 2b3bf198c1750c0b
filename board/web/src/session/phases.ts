import type { PanelId } from '../shell'

/** A phase of the session with the guide that the facilitator reads. */
export interface Phase {
  id: string
  title: string
  /** What this phase is for, in one sentence. */
  aim: string
  /** How long it usually takes, in minutes: proposed for the timer. */
  minutes: number
  /** What to do, in order. */
  todo: string[]
  /** What tends to go wrong. */
  watch: string[]
  /** When to go on. */
  enough: string
  /** The panel that this phase is done with, and what its button says. */
  open?: { panel: PanelId; label: string }
  /** an action that the phase needs, by its id */
  does?: { action: string; label: string }
}

/** The phases of a session, in their order. The ids are those of StartPhase. */
export const phases: readonly Phase[] = [
  {
    id: 'review',
    title: 'Review today',
    aim: 'Everybody sees how things work today, before anybody designs how they should.',
    minutes: 15,
    todo: [
      'Let whoever knows today’s solution tell one real case from beginning to end.',
      'Import what there is: an export of an earlier board, a storm file, a list of steps.',
      'Put a hotspot on whatever makes people sigh. Do not solve it yet.',
    ],
    watch: ['A tour of screens or tables: ask what happened, not what one sees.', 'Only one person talks: ask who else has done this work.'],
    enough: 'The newest person in the room can retell the case.',
    open: { panel: 'exchange', label: 'Import what there is' },
  },
  {
    id: 'goals',
    title: 'Agree on the goals',
    aim: 'Say what must be clearer at the end than it is now.',
    minutes: 10,
    todo: [
      'Ask each person: what would make these hours worth it?',
      'Write the answers down as goals, three to five, each one checkable.',
      'Say what is out of scope today.',
    ],
    watch: ['Goals that are features: turn “build X” into “know whether and why X”.', 'A goal that nobody in the room can decide on: who is missing?'],
    enough: 'Everybody can live with the list, and somebody owns each goal.',
  },
  {
    id: 'explore',
    title: 'Chaotic exploration',
    aim: 'Get every event out of every head, all at once, without order.',
    minutes: 20,
    todo: [
      'In this phase everybody writes alone: nobody waits for anybody, and nobody copies.',
      'Everybody writes events: something that has happened, in the past tense, one a note.',
      'Place them roughly: early on the left, late on the right.',
      'Reveal everything at the end, and read it in silence first.',
    ],
    watch: [
      'Commands among the events: “Send invoice” becomes “Invoice sent”.',
      'Records instead of events: “Customer updated” hides a move, a wedding or a typing error.',
      'Somebody who writes nothing: pair them with somebody who does.',
    ],
    enough: 'Nobody has written for two minutes.',
  },
  {
    id: 'timeline',
    title: 'Enforce the timeline',
    aim: 'One line of time from left to right that everybody would tell alike.',
    minutes: 30,
    todo: [
      'Walk the wall from the left. At each note ask: what comes right before, what right after?',
      'Move notes, add what is missing, put alternatives one above the other.',
      'Tidy when an area has settled.',
      'Where two tellings differ, keep both and put a hotspot between.',
    ],
    watch: ['Sorting by department: order is time, not the org chart.', 'A long debate: a hotspot holds it, and the walk goes on.'],
    enough: 'One person can read the wall aloud without being interrupted.',
    does: { action: 'arrange.tidy', label: 'Tidy the selection, or everything' },
  },
  {
    id: 'duplicates',
    title: 'Merge duplicates',
    aim: 'One word for one thing, and two words where there are two things.',
    minutes: 15,
    todo: [
      'Open the proposals and go through them one after another.',
      'Ask both authors first: do you mean the same? Only then merge.',
      'Keep the wording that the business uses; the other stays known as a former name.',
      'What no proposal names: select the notes, the one that stays first, and merge them by the menu.',
      'Press “not the same” where they differ, and rename one so that it shows.',
    ],
    watch: ['Merging because the texts look alike: “paid” may mean two things to two departments.'],
    enough: 'No proposal is left undecided.',
    open: { panel: 'duplicates', label: 'Open the proposals' },
  },
  {
    id: 'pivotal',
    title: 'Pivotal events',
    aim: 'Find the few events after which everything is different.',
    minutes: 15,
    todo: [
      'Ask: after which event does other work begin, do other people take over, can one not go back?',
      'Mark three to five of them as pivotal and draw a vertical line at each.',
      'Lay swimlanes where things run side by side for long.',
    ],
    watch: ['Twenty pivotal events: then none is. Vote if needed.'],
    enough: 'The wall falls into chapters, and each has a name.',
  },
  {
    id: 'people',
    title: 'People and systems',
    aim: 'Who acts, and what outside of us takes part.',
    minutes: 15,
    todo: [
      'Put actors before what they set off: roles, not persons.',
      'Put a system where something outside decides or does the work: a bank, a mail service, the old application.',
      'Ask at each event: who or what made this happen?',
    ],
    watch: ['“User” everywhere: which role, wanting what?', 'Our own software as a system: a system is what we cannot change.'],
    enough: 'Every chapter has at least one actor or system that moves it.',
  },
  {
    id: 'hotspots',
    title: 'Hotspots and voting',
    aim: 'Name what hurts and what is promising, and choose where to go deeper.',
    minutes: 20,
    todo: [
      'Everybody adds hotspots for trouble and doubt, opportunities for what could be better.',
      'Open the vote: everybody gets the same number and spends them on notes, in silence.',
      'Close it and read the tally from the top. Take the first two or three with you.',
      'Answer what can be answered at once; the rest gets a name next to it.',
    ],
    watch: ['The loudest voice: vote before the talk, not after.', 'Solving the top hotspot now: twenty minutes are gone before you see it.'],
    enough: 'The group knows its two or three most important questions.',
  },
  {
    id: 'reverse',
    title: 'Reverse narrative',
    aim: 'Read the story backwards, and find what is missing.',
    minutes: 20,
    todo: [
      'Start at the last event and go left, one event after another.',
      'At each ask: what had to happen right before, for this to be possible? Is that all?',
      'Add what is missing at once, in front of it.',
    ],
    watch: ['Reading forwards by habit: the trick works only backwards.', 'An event out of nowhere: some command, system or passing of time is missing.'],
    enough: 'You are back at the first event, and it needs nothing before it.',
  },
  {
    id: 'commands',
    title: 'Commands and policies',
    aim: 'Between the events: who decides what, knowing what, and what follows by rule.',
    minutes: 40,
    todo: [
      'In front of each event put the command that leads to it, and in front of that the actor, policy or system that issues it.',
      'Wherever you hear “whenever” or “always”, that is a policy: event, policy, command.',
      'What must somebody see in order to decide? That is a projection.',
      'Group what must be decided in one place into an aggregate; name it last.',
    ],
    watch: ['One command for each event by habit: a command can lead to several, and be refused.', 'Policies without a trigger, commands that nobody handles: the problems on the notes show them.'],
    enough: 'The problems on the wall are few, and each one that is left is wanted.',
    open: { panel: 'text', label: 'Open the storm text' },
  },
  {
    id: 'modules',
    title: 'Modules',
    aim: 'Draw the borders: own words, own team, few messages across.',
    minutes: 30,
    todo: [
      'Look for where words change their meaning and where pivotal events lie: borders run there.',
      'Draw a frame around what belongs together, name it, and give it a team.',
      'Open the map of messages: few arrows between modules, none in a circle.',
      'Follow each flow: how many teams does it cross? Move the border or accept it knowingly.',
    ],
    watch: ['A module for each table or each department.', 'Two modules with many messages between them: the line may be in the wrong place.'],
    enough: 'Each module has one team, and each team can say what it hears and what it tells.',
    open: { panel: 'modules', label: 'Open the map of messages' },
  },
  {
    id: 'handover',
    title: 'Hand over',
    aim: 'The wall becomes a model in git, code and tasks, today.',
    minutes: 15,
    todo: [
      'Go through the open hotspots: answered, or with a name and a date.',
      'Land the storm, and look at what was written.',
      'Export the minutes: goals, glossary, hotspots, votes, tasks by team.',
      'Ask against each goal: is it met?',
    ],
    watch: ['“We will write it up later”: nobody does.'],
    enough: 'The file is landed, and everybody knows their next step.',
    open: { panel: 'exchange', label: 'Land and export' },
  },
]

/** The phase with this id, or undefined. */
export function phaseOf(id: string | undefined): Phase | undefined {
  return phases.find((p) => p.id === id)
}

/** The phase that comes this many steps after (or before) the one with this id. */
export function phaseAfter(id: string | undefined, steps = 1): Phase | undefined {
  const at = phases.findIndex((p) => p.id === id)
  return phases[at + steps]
}
