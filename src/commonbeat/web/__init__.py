"""The local web app: pages in, words out. Everything that it does is a call to a workflow, as on the command line.

    app.application         the app for some settings; `serving.serve` runs it
    pages.page              a response made of a template, with what every page shows
    security.guard.needs    who may see an endpoint of the team; the app refuses to start with one that does not say
    forms.read_form         what a browser sent, safe to hand on

Pages of people who answer stand in `respond`. They get no cookie, and nothing of the team is reachable from them.
"""
