"""The small signs inside BPMN symbols, as SVG paths by the name of the BPMN element."""

# Icons in the upper left corner of a task, about 16 by 16.
ICONS = {
    "userTask": '<circle cx="7.5" cy="4" r="3.2"/><path d="M1.5 14v-2.2c0-2.4 2.2-3.6 6-3.6s6 1.2 6 3.6V14z"/>',
    "manualTask": '<path d="M2 13V6.5q0-1 1-1h3V3q0-1.2 1.2-1.2T8.4 3v3.5H13q1.2 0 1.2 1.2T13 9h1q0 4-3 4z"/>',
    "serviceTask": '<circle cx="7.5" cy="7.5" r="2.2"/><circle cx="7.5" cy="7.5" r="5"/>'
    '<path stroke-width="2" d="M7.5 2.5V.6M7.5 12.5v1.9M2.5 7.5H.6M12.5 7.5h1.9M4 4 2.6 2.6M11 4l1.4-1.4M4 11l-1.4 1.4'
    'M11 11l1.4 1.4"/>',
    "scriptTask": '<path d="M4 1h9q-4 3.5-1.5 7T10 14H1q4-3 1.5-6.5T4 1zM5 4.5h4.5M5.5 7.500h4M5 10.500h4"/>',
    "sendTask": '<path class="filled" fill="currentColor" d="M1 3h13v9H1z"/><path d="m1 3 6.5 5L14 3"/>',
    "receiveTask": '<path d="M1 3h13v9H1zM1 3l6.5 5L14 3"/>',
    "businessRuleTask": '<path d="M1 2h13v11H1zM1 5.5h13M1 9.200h13M5 5.5V13"/>',
}

# Icons of events for a circle of radius 18, around its centre.
EVENTS = {
    "timerEventDefinition": '<circle r="10" fill="none"/><path fill="none" d="M0-7V0l4 3"/>',
    "messageEventDefinition": '<path fill="none" d="M-9-6H9V6H-9zM-9-6 0 1 9-6"/>',
    "signalEventDefinition": '<path fill="none" d="M0-9 9 6H-9z"/>',
    "errorEventDefinition": '<path fill="none" d="m-8 8 5-15L2 2l6-9L3 8l-5-8z"/>',
    "escalationEventDefinition": '<path fill="none" d="M0-10 8 8 0 1-8 8z"/>',
    "conditionalEventDefinition": '<path fill="none" d="M-7-9H7V9H-7zM-4-5h8M-4 0h8M-4 5h8"/>',
    "linkEventDefinition": '<path fill="none" d="M-10-4H2v-5L11 0 2 9V4h-12z"/>',
    "compensateEventDefinition": '<path fill="none" d="M0-7-9 0l9 7zM9-7 0 0l9 7z"/>',
    "cancelEventDefinition": '<path fill="none" stroke-width="3" d="M-7-7 7 7M7-7-7 7"/>',
    "terminateEventDefinition": '<circle r="10" fill="currentColor"/>',
}

# Signs of gateways; a, b are a diagonal arm and its opposite, c, d a straight one.
CROSS = "M{b:.1f} {b:.1f}L{a:.1f} {a:.1f}M{a:.1f} {b:.1f}L{b:.1f} {a:.1f}"
PLUS = "M{d:.1f} 0H{c:.1f}M0 {d:.1f}V{c:.1f}"
GATEWAYS = {
    "exclusiveGateway": f'<path d="{CROSS}"/>',
    "parallelGateway": f'<path d="{PLUS}"/>',
    "inclusiveGateway": '<circle r="{c:.1f}"/>',
    "complexGateway": f'<path d="{PLUS}{CROSS}"/>',
    "eventBasedGateway": '<circle r="{c:.1f}" stroke-width="1"/>'
    '<path stroke-width="1.5" d="M0 {b:.1f}L{a:.1f} 0 0 {a:.1f} {b:.1f} 0z"/>',
}
