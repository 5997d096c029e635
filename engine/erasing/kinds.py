"""What each kind of place is called, and why something stays."""

from engine.texts import Text

KINDS = {
    "record": Text("Uppgift i planen", "Record of the plan"),
    "version": Text("Tidigare lydelse", "Earlier wording"),
    "answer": Text("Svar på en uppgift", "Answer to a task"),
    "handover": Text("Skäl till att en uppgift lämnades över", "Reason for handing a task over"),
    "draft": Text("Utkast", "Draft"),
    "comment": Text("Kommentar", "Comment"),
    "file": Text("Bifogad fil (raderas helt)", "Attached file (deleted as a whole)"),
    "history": Text("Historiken", "The history"),
    "message": Text("Meddelande i kö eller skickat", "Message waiting or sent"),
    "mail": Text("Mejl", "Mail"),
    "person": Text("Person i organisationen (namn och e-post)", "Person of the organisation (name and e-mail)"),
    "account": Text("Konto", "Account"),
    "variables": Text("Processens värden", "Values of the process"),
    "fault": Text("Tekniskt fel", "Technical fault"),
    "several": Text("Arbete med många på en gång", "Work on many at once"),
    "deployment": Text("Skäl till driftsättning", "Reason for deploying"),
    "request": Text("Minne av inskickade formulär", "Memory of submitted forms"),
    "errand": Text("Repetition eller kontroll", "Rehearsal or check"),
    "filter": Text("Sparat filter (tas bort)", "Saved filter (removed)"),
    "wheel_link": Text("Namn på en adress till årshjulet", "Name of an address of the year wheel"),
    "title": Text("Uppgiftens titel", "Title of a task"),
    "organisation": Text("Organisationen", "The organisation"),
    "key": Text("Det som processen heter", "What a process is called"),
    "chain": Text("Historikens kedja", "The chain of the history"),
}
STAYS = {
    "active": Text(
        "Personen arbetar kvar. Stäng kontot först, med nej i kolumnen active när organisationen läses in.",
        "The person works here. Close the account first, with nej in the column active when the organisation is read.",
    ),
    "choice": Text(
        "Texten är ett av formulärets val och ingen personuppgift.",
        "The text is one of the form's choices and no personal data.",
    ),
    "organisation": Text(
        "Det är namnet på en enhet, befattning eller uppgift. Ändra det i organisationen eller processen.",
        "It is the name of a unit, a position or a task. Change it in the organisation or the process.",
    ),
    "key": Text(
        "Det är namnet på en process som har startats, och historiken hänger på det.",
        "It is the name of a process that has been started, and the history hangs on it.",
    ),
    "chain": Text(
        "Historikens kedja kan inte ändras. Tala med den som sköter systemet om du behöver veta vad det är.",
        "The chain of the history cannot be changed. Talk to whoever runs the system if you need to know what it is.",
    ),
}
