"""What stands between a browser and a page, from the outside in.

hosts      a request that names another host than ours goes no further (a foreign page's name pointed at us)
headers    what a browser may do with a page of ours: nothing from elsewhere, nothing inline, no frame, no store
bodies     a body that is too large is refused while it arrives
arrivals   a link that is used by a machine in a hurry waits; nobody's network address is looked at or kept
guard      who may see an endpoint of the team, and that a form was sent from one of our pages
throttle   how often something may be tried
children   a file that somebody uploads is read by a process that can do little and use little
"""
